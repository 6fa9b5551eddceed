using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>Resizes and moves, up to their confirmation.</summary>
/// <remarks>
/// Before Nova is asked, a label says what is begun and which action was Nova's latest then: so a repeated call knows an answer that was
/// lost, and a refusal that came later. A confirmed move keeps its label, so that it is not made twice.
/// </remarks>
internal sealed class ServerMoves(NovaClient nova, ServerFinder servers, ServerFaults faults)
{
    private const string Done = "done";
    private const string None = "none";

    public async Task<Server> ResizeAsync(string key, string flavorId, CancellationToken cancellationToken)
    {
        var server = await servers.ExistingAsync(key, cancellationToken);
        if (!server.IsSettled || server.Flavor?.Id == flavorId)
        {
            return server.Described(key);
        }

        if (await nova.FindFlavorAsync(flavorId, cancellationToken) is null)
        {
            throw new CloudException($"There is no flavor {flavorId}.", isTransient: false);
        }

        return await BeginAsync(
            server,
            key,
            "resize:" + flavorId,
            "resize",
            new JsonObject { ["flavorRef"] = flavorId },
            "resize the server",
            cancellationToken);
    }

    public async Task<Server> MigrateAsync(string key, string move, string? host, CancellationToken cancellationToken)
    {
        var server = await servers.ExistingAsync(key, cancellationToken);
        if (!server.IsSettled)
        {
            return server.Described(key);
        }

        return await BeginAsync(
            server, key, "migrate:" + move, "migrate", host is null
                ? null
                : new JsonObject { ["host"] = host }, "move the server", cancellationToken);
    }

    /// <summary>
    /// Nova itself refuses while it believes that the host lives: its operators force its compute service down when they have cut its
    /// power.
    /// </summary>
    public async Task<Server> EvacuateAsync(string key, string evacuation, string? host, CancellationToken cancellationToken)
    {
        var server = await servers.ExistingAsync(key, cancellationToken);
        if (!server.IsSettled && server.State != CloudServerState.Error)
        {
            return server.Described(key);
        }

        var argument = host is null ? new JsonObject() : new JsonObject { ["host"] = host };
        var begun = await BeginAsync(server, key, "evacuate:" + evacuation, "evacuate", argument, "evacuate the server", cancellationToken);
        return begun switch
        {
            { State: CloudServerState.Active or CloudServerState.Stopped, Detail: { } refusal } =>
                throw new CloudException(refusal, isTransient: false),
            { State: CloudServerState.Error } => await faults.DescribeAsync(server, key, cancellationToken),
            _ => begun,
        };
    }

    public async Task<bool> ConfirmAsync(string key, CancellationToken cancellationToken)
    {
        var server = await servers.ExistingAsync(key, cancellationToken);
        if (await IsUnderWayAsync(server, "confirmResize", "confirm the server's new place", cancellationToken))
        {
            return false;
        }

        if (MoveLabel.Of(server) is { Latest: not Done } label)
        {
            await nova.SetLabelAsync(server.Id, Marks.MoveLabel, (label with { Latest = Done }).ToString(), cancellationToken);
        }

        return true;
    }

    public async Task<bool> RevertAsync(string key, CancellationToken cancellationToken)
    {
        var server = await servers.ExistingAsync(key, cancellationToken);
        if (await IsUnderWayAsync(server, "revertResize", "take the server's new place back", cancellationToken))
        {
            return false;
        }

        // An empty one is as good as none, and Nova has one call less to fail.
        if (MoveLabel.Of(server) is not null)
        {
            await nova.SetLabelAsync(server.Id, Marks.MoveLabel, "", cancellationToken);
        }

        return true;
    }

    /// <summary>What Nova says against the resize or move that this server should be in; null: nothing.</summary>
    public async Task<string?> RefusalOfAsync(NovaServer server, CancellationToken cancellationToken)
    {
        if (!server.IsSettled || MoveLabel.Of(server) is not { Latest: not Done } label
            || await LatestAsync(server, cancellationToken) is not { Message: not null } latest || latest.RequestId == label.Latest)
        {
            return null;
        }

        return await faults.OfActionAsync(server.Id, latest.RequestId, cancellationToken);
    }

    private async Task<Server> BeginAsync(
        NovaServer server, string key, string move, string action, JsonNode? argument, string purpose, CancellationToken cancellationToken)
    {
        var latest = (await LatestAsync(server, cancellationToken))?.RequestId ?? None;
        var label = MoveLabel.Of(server);
        if (label?.Move == move && label.Latest != latest)
        {
            // It was begun: it is done, or it was refused.
            return server.Described(key, await RefusalOfAsync(server, cancellationToken));
        }

        if (label?.Move != move)
        {
            await nova.SetLabelAsync(server.Id, Marks.MoveLabel, new MoveLabel(move, latest).ToString(), cancellationToken);
        }

        var reply = await nova.ActAsync(server.Id, action, argument, purpose, cancellationToken);
        if (reply.Status == HttpStatusCode.Forbidden && !Session.Faults.IsQuota(reply.Error))
        {
            throw reply.Refusal($"The cloud does not let this service {purpose}.");
        }

        reply.Required();
        var now = await nova.FindServerAsync(server.Id, cancellationToken) ?? server;

        // The answer means that it has begun, whatever is shown yet.
        return now.Described(key) is { State: CloudServerState.Active or CloudServerState.Stopped } described
            ? described with { State = CloudServerState.Building }
            : now.Described(key);
    }

    /// <summary>Asks for it when the server waits for that.</summary>
    private async Task<bool> IsUnderWayAsync(NovaServer server, string action, string purpose, CancellationToken cancellationToken)
    {
        if (server.State == CloudServerState.AwaitsConfirmation)
        {
            var reply = await nova.ActAsync(server.Id, action, null, purpose, cancellationToken);

            // 400 is "has not been resized": Nova goes on showing that it waits after it was asked, until that is done.
            if (!reply.IsConflict && reply.Status != HttpStatusCode.BadRequest)
            {
                reply.Required();
            }

            return true;
        }

        return server.State is CloudServerState.Building or CloudServerState.Unknown;
    }

    private async Task<NovaAction?> LatestAsync(NovaServer server, CancellationToken cancellationToken) =>
        (await nova.ListActionsAsync(server.Id, cancellationToken))
            .FirstOrDefault(one => one.Action is "resize" or "migrate" or "evacuate");
}
