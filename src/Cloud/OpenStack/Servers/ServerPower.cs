using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>Stops, starts, reboots, and makes certain that a server is off.</summary>
internal sealed class ServerPower(NovaClient nova, ServerFinder servers, OpenStackOptions options, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<bool> StopAsync(string key, CancellationToken cancellationToken) =>
        await StopAsync(await servers.ExistingAsync(key, cancellationToken), cancellationToken);

    public async Task<bool> StartAsync(string key, CancellationToken cancellationToken)
    {
        var server = await servers.ExistingAsync(key, cancellationToken);
        switch (server.State)
        {
            case CloudServerState.Active or CloudServerState.AwaitsConfirmation:
                return true;
            case CloudServerState.Error:
                throw new CloudException(
                    $"Server {key} has failed and cannot be started.", isTransient: false, details: server.Fault?.Message);
            case CloudServerState.Stopped:
                await StartAsync(server, cancellationToken);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Begins to start one that is stopped.</summary>
    public Task StartAsync(NovaServer server, CancellationToken cancellationToken) => server.Status switch
    {
        "PAUSED" => ActAsync(server, "unpause", "start the server", cancellationToken),
        "SUSPENDED" => ActAsync(server, "resume", "start the server", cancellationToken),
        "RESCUE" => ActAsync(server, "unrescue", "start the server", cancellationToken),
        "SHELVED" or "SHELVED_OFFLOADED" => ActAsync(server, "unshelve", "start the server", cancellationToken),
        _ => ActAsync(server, "os-start", "start the server", cancellationToken),
    };

    public async Task RebootAsync(string key, RebootKind kind, CancellationToken cancellationToken)
    {
        var server = await servers.ExistingAsync(key, cancellationToken);
        var how = new JsonObject { ["type"] = kind == RebootKind.Hard ? "HARD" : "SOFT" };
        (await nova.ActAsync(server.Id, "reboot", how, "reboot the server", cancellationToken)).Required();
    }

    /// <summary>Looks until the host itself says that the power is off. A host that does not answer leaves that open.</summary>
    public async Task FenceAsync(string key, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var all = await servers.AllOfAsync(key, cancellationToken);
            var running = 0;
            foreach (var server in all)
            {
                running += await StopAsync(server, cancellationToken) ? 0 : 1;
            }

            if (running == 0)
            {
                return;
            }

            if (time.GetElapsedTime(began) > options.FenceTimeout)
            {
                throw new CloudException(
                    $"It is not certain that server {key} is off.",
                    isTransient: true,
                    details: $"compute: {all[0].Status}, {all[0].TaskState}");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<bool> StopAsync(NovaServer server, CancellationToken cancellationToken)
    {
        if (server.IsOff)
        {
            return true;
        }

        if (server.TaskState is null && server.Status is "ACTIVE" or "ERROR")
        {
            await ActAsync(server, "os-stop", "stop the server", cancellationToken);
        }
        else if (server.State == CloudServerState.AwaitsConfirmation)
        {
            throw new CloudException(
                "The server cannot be stopped before its resize or move is confirmed or taken back.", isTransient: true);
        }

        return false;
    }

    /// <summary>A server that changed its state since it was looked at is looked at again, later.</summary>
    private async Task ActAsync(NovaServer server, string action, string purpose, CancellationToken cancellationToken)
    {
        var reply = await nova.ActAsync(server.Id, action, null, purpose, cancellationToken);
        if (!reply.IsConflict && !reply.IsMissing)
        {
            reply.Required();
        }
    }
}
