using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>Servers on the cloud.</summary>
internal sealed class OpenStackCompute(
    NovaClient nova,
    ServerFinder servers,
    ServerMaker maker,
    ServerGroups groups,
    ServerPower power,
    ServerMoves moves,
    ServerFaults faults,
    Marks marks) : ICompute
{
    public async Task<Server> EnsureServerAsync(ServerSpec spec, CancellationToken cancellationToken)
    {
        if (await AdoptAsync(spec.Key, cancellationToken) is not { } server)
        {
            var reply = await maker.MakeAsync(spec, cancellationToken);

            // Refused, because an earlier call whose answer was lost has the port and the volume?
            return await (reply.IsSuccess
                    ? nova.FindServerAsync(NovaClient.IdIn(reply), cancellationToken)
                    : AdoptAsync(spec.Key, cancellationToken)) is { } made
                ? await faults.DescribeAsync(made, spec.Key, cancellationToken)
                : throw (reply.IsSuccess ? Vanished(spec.Key) : ServerMaker.RefusalOf(spec, reply));
        }

        if (server.IsBeingDeleted)
        {
            throw new CloudException($"Server {spec.Key} is still being deleted.", isTransient: true);
        }

        return server.State == CloudServerState.Stopped
            ? await StartedAsync(server, spec.Key, cancellationToken)
            : await faults.DescribeAsync(server, spec.Key, cancellationToken);
    }

    public async Task<Server?> FindServerAsync(string key, CancellationToken cancellationToken)
    {
        if (await servers.FindAsync(key, cancellationToken) is not { } server)
        {
            return null;
        }

        return await moves.RefusalOfAsync(server, cancellationToken) is { } refusal
            ? server.Described(key, refusal)
            : await faults.DescribeAsync(server, key, cancellationToken);
    }

    public async Task<bool> DeleteServerAsync(string key, CancellationToken cancellationToken)
    {
        var all = await servers.AllOfAsync(key, cancellationToken);
        await DeleteAsync(all, cancellationToken);
        if (all.Count > 0)
        {
            return false;
        }

        await groups.DeleteEmptyAsync(cancellationToken);
        return true;
    }

    public Task<bool> StopServerAsync(string key, CancellationToken cancellationToken) => power.StopAsync(key, cancellationToken);

    public Task<bool> StartServerAsync(string key, CancellationToken cancellationToken) => power.StartAsync(key, cancellationToken);

    public Task RebootServerAsync(string key, RebootKind kind, CancellationToken cancellationToken) =>
        power.RebootAsync(key, kind, cancellationToken);

    public Task<Server> ResizeServerAsync(string key, string flavorId, CancellationToken cancellationToken) =>
        moves.ResizeAsync(key, flavorId, cancellationToken);

    public Task<Server> MigrateServerAsync(string key, string move, string? host, CancellationToken cancellationToken) =>
        moves.MigrateAsync(key, move, host, cancellationToken);

    public Task<Server> EvacuateServerAsync(string key, string evacuation, string? host, CancellationToken cancellationToken) =>
        moves.EvacuateAsync(key, evacuation, host, cancellationToken);

    public Task<bool> ConfirmResizeAsync(string key, CancellationToken cancellationToken) => moves.ConfirmAsync(key, cancellationToken);

    public Task<bool> RevertResizeAsync(string key, CancellationToken cancellationToken) => moves.RevertAsync(key, cancellationToken);

    public async Task<Server> RebuildServerAsync(ServerSpec spec, CancellationToken cancellationToken)
    {
        if (await AdoptAsync(spec.Key, cancellationToken) is not { } server || server.Build >= spec.Build || server.IsBeingDeleted)
        {
            return await EnsureServerAsync(spec, cancellationToken);
        }

        if (server.TaskState is not null)
        {
            return server.Described(spec.Key);
        }

        (await maker.RebuildAsync(server, spec, cancellationToken)).Required();
        return (await nova.FindServerAsync(server.Id, cancellationToken) ?? throw Vanished(spec.Key)).Described(spec.Key);
    }

    public Task FenceAsync(string key, CancellationToken cancellationToken) => power.FenceAsync(key, cancellationToken);

    public async Task<string?> ConsoleTailAsync(string key, int lines, CancellationToken cancellationToken) =>
        await servers.FindAsync(key, cancellationToken) is { } server ? await nova.ConsoleAsync(server.Id, lines, cancellationToken) : null;

    public async Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken) =>
        [.. (await nova.ListServersAsync([marks.DeploymentTag], cancellationToken))
            .Where(server => marks.AreIn(server.Metadata))
            .Select(server => server.Metadata.GetValueOrDefault(Marks.KeyLabel)).OfType<string>().Distinct()];

    public async Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken) =>
        [
            .. (await nova.ListFlavorsAsync(cancellationToken))
            .Select(one => new CloudFlavor(one.Id, one.Name, one.Ram, one.Vcpus, one.Disk)),
        ];

    public async Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken) =>
        [.. (await nova.ListZonesAsync(cancellationToken)).Where(zone => zone.State.Available).Select(zone => zone.Name)];

    /// <summary>The server of this key; others, which lost answers left, are deleted.</summary>
    private async Task<NovaServer?> AdoptAsync(string key, CancellationToken cancellationToken)
    {
        var all = await servers.AllOfAsync(key, cancellationToken);
        var best = await servers.BestAsync(key, all, cancellationToken);
        await DeleteAsync(all.Where(server => server.Id != best?.Id), cancellationToken);
        return best;
    }

    private async Task<Server> StartedAsync(NovaServer server, string key, CancellationToken cancellationToken)
    {
        await power.StartAsync(server, cancellationToken);
        return server.Described(key) with { State = CloudServerState.Building };
    }

    private async Task DeleteAsync(IEnumerable<NovaServer> unwanted, CancellationToken cancellationToken)
    {
        foreach (var server in unwanted.Where(one => !one.IsBeingDeleted))
        {
            var reply = await nova.DeleteServerAsync(server.Id, cancellationToken);
            if (!reply.IsMissing)
            {
                reply.Required();
            }
        }
    }

    private static CloudException Vanished(string key) => new($"Server {key} has vanished from the cloud.", isTransient: true);
}
