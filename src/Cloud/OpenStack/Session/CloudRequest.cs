using System.Text.Json.Nodes;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>A request to a service.</summary>
/// <param name="Service">Which.</param>
/// <param name="Method">How.</param>
/// <param name="Path">Behind the service's endpoint, with the query.</param>
/// <param name="Purpose">What for, as the end of "the cloud could not …".</param>
internal sealed record CloudRequest(CloudService Service, HttpMethod Method, string Path, string Purpose)
{
    public JsonObject? Body { get; init; }

    /// <summary>A body that is no document; not together with <see cref="Body"/>.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>Besides the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The microversion that the request is written for; null: the oldest.</summary>
    public string? Version { get; init; }

    /// <summary>Without what may stand in a query.</summary>
    public string Route => Path.Split('?')[0];
}
