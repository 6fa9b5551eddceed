using Dbaas.Cloud.Ports;
using Dbaas.Domain.Instances;

namespace Dbaas.TaskManager.Servers;

/// <summary>From what a plane says to what is kept of it.</summary>
internal static class SeenServer
{
    public static ServerFacts Of(Server server, long now) => new()
    {
        InstanceId = server.Key,
        ServerId = server.Id,
        Host = server.Host,
        State = server.State.ToString(),
        Detail = server.Detail is { Length: > 2000 } text ? text[..2000] : server.Detail,
        Build = server.Build,
        Seen = now,
    };
}
