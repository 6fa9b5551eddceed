using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>Nova's words for how a server stands, in the ports'.</summary>
internal static class ServerStates
{
    private const int PowerOff = 4;

    extension(NovaServer server)
    {
        /// <summary>Nothing is under way.</summary>
        public bool IsSettled => server.State is CloudServerState.Active or CloudServerState.Stopped;

        public bool IsBeingDeleted => server.TaskState is "deleting" or "soft-deleting" or "force-deleting";

        /// <summary>Its host says that the power is off, not only that this was asked for; or it never had a host.</summary>
        public bool IsOff =>
            server is { Status: "SHUTOFF", TaskState: null, PowerState: PowerOff } or { Status: "ERROR", TaskState: null, HostId: "" };

        public int Build => server.Metadata.TryGetValue(Marks.BuildLabel, out var text) && int.TryParse(text, out var build) ? build : 1;

        public CloudServerState State => server switch
        {
            { Status: "UNKNOWN" } => CloudServerState.Unknown,
            { TaskState: not null } => CloudServerState.Building,
            { Status: "ACTIVE" } => CloudServerState.Active,
            { Status: "VERIFY_RESIZE" } => CloudServerState.AwaitsConfirmation,
            { Status: "ERROR" } => CloudServerState.Error,
            { Status: "SHUTOFF" or "PAUSED" or "SUSPENDED" or "RESCUE" or "SHELVED" or "SHELVED_OFFLOADED" } => CloudServerState.Stopped,
            _ => CloudServerState.Building,
        };

        public Server Described(string key, string? detail = null) => new()
        {
            Key = key,
            Id = server.Id,
            State = server.State,
            FlavorId = server.Flavor?.Id,
            Build = server.Build,
            Host = server.Host ?? server.HostId,
            Detail = detail,
        };
    }
}
