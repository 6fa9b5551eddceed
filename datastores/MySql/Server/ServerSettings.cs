using System.Text.Json.Serialization;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>What the server was asked to be, as kept in the agent's folder.</summary>
/// <param name="DatastoreVersion">The datastore version's name.</param>
/// <param name="ServerId">Its own among all servers.</param>
/// <param name="LogAlways">The binary log belongs to the state before replication.</param>
/// <param name="Configuration">The user's parameters.</param>
internal sealed record ServerSettings(
    string DatastoreVersion, uint ServerId, bool LogAlways, IReadOnlyDictionary<string, string> Configuration)
{
    /// <summary>
    /// The parameters that a server was last seen starting with, as long as none was seen starting with
    /// <see cref="Configuration"/>; null: one was.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Former { get; init; }

    /// <summary>
    /// Parameters that a running server is being given, and that count for none that starts: a change that was cut off leaves some of them.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Trying { get; init; }

    /// <summary>Counts the changes.</summary>
    public int Changes { get; init; }

    /// <summary>The parameters that come with the next start.</summary>
    public IReadOnlyList<string> WaitForRestart { get; init => field = value ?? []; } = [];

    /// <summary>Why it was started with former parameters; null: it was not.</summary>
    public string? GivenUp { get; init; }

    /// <summary>A server says this when it was started with the present parameters; null: they were never changed.</summary>
    [JsonIgnore]
    public string? Mark => Changes == 0 ? null : $"configuration-{Changes}";

    public static ServerSettings Of(PrepareServer request) =>
        new(request.DatastoreVersion, request.ServerId, request.BinaryLog == BinaryLogMode.Always, request.Configuration);
}
