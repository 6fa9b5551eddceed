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
    public static ServerSettings Of(PrepareServer request) =>
        new(request.DatastoreVersion, request.ServerId, request.BinaryLog == BinaryLogMode.Always, request.Configuration);
}
