using System.Diagnostics;
using Dbaas.Domain.Operations;

namespace Dbaas.Persistence.Origins;

/// <summary>For whom this flow of calls works: each unit that it begins knows it.</summary>
public static class CurrentOrigin
{
    private static readonly AsyncLocal<string?> Request = new();
    private static readonly AsyncLocal<string?> Client = new();

    /// <summary>What is known at the moment.</summary>
    public static Origin Value =>
        new(RequestId, Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null, ClientIp);

    /// <summary>The request, for this flow and those that it begins; null: none.</summary>
    public static string? RequestId
    {
        get => Request.Value;
        set => Request.Value = value;
    }

    /// <summary>Where the request came from, for the same; null: there is none.</summary>
    public static string? ClientIp
    {
        get => Client.Value;
        set => Client.Value = value;
    }
}
