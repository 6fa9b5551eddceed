using System.Diagnostics;
using Dbaas.Domain.Operations;

namespace Dbaas.Persistence.Origins;

/// <summary>For whom this flow of calls works: each unit that it begins knows it.</summary>
public static class CurrentOrigin
{
    private static readonly AsyncLocal<string?> Request = new();

    /// <summary>What is known at the moment.</summary>
    public static Origin Value => new(RequestId, Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null);

    /// <summary>The request, for this flow and those that it begins; null: none.</summary>
    public static string? RequestId
    {
        get => Request.Value;
        set => Request.Value = value;
    }
}
