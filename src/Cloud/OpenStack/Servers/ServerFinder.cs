using System.Collections.Concurrent;
using Dbaas.Cloud.OpenStack.Networks;
using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>The server of a key, where lost answers may have left several.</summary>
internal sealed class ServerFinder(NovaClient nova, PortFinder ports, Marks marks)
{
    private readonly ConcurrentDictionary<string, string> _lastIds = new();

    /// <summary>
    /// All of them. A list may be incomplete and not say so (a cell that is down): the server that has the port and, before nothing is
    /// believed, the one that was seen last are asked for by id when they are not listed.
    /// </summary>
    public async Task<IReadOnlyList<NovaServer>> AllOfAsync(string key, CancellationToken cancellationToken)
    {
        var listed = (await nova.ListServersAsync([marks.DeploymentTag, Marks.KeyTag(key)], cancellationToken))
            .Where(server => IsThere(server) && marks.AreIn(server.Metadata, key)).ToList();
        var holders = (await ports.AllOfAsync(key, cancellationToken)).Select(port => port.DeviceId);
        var asked = listed.Count == 0 ? holders.Append(_lastIds.GetValueOrDefault(key)) : holders;
        foreach (var id in asked.Where(id => !string.IsNullOrEmpty(id)).Distinct().ToList())
        {
            if (listed.All(server => server.Id != id)
                && await nova.FindServerAsync(id!, cancellationToken) is { } server
                && IsThere(server)
                && marks.AreIn(server.Metadata, key))
            {
                listed.Add(server);
            }
        }

        if (listed.Count == 0)
        {
            _lastIds.TryRemove(key, out _);
        }

        return listed;
    }

    public async Task<NovaServer?> FindAsync(string key, CancellationToken cancellationToken) =>
        await BestAsync(key, await AllOfAsync(key, cancellationToken), cancellationToken);

    public async Task<NovaServer> ExistingAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken) ?? throw new CloudException($"There is no server {key}.", isTransient: false);

    /// <summary>The one that has the port, else the oldest: a duplicate cannot get the port.</summary>
    public async Task<NovaServer?> BestAsync(string key, IReadOnlyList<NovaServer> servers, CancellationToken cancellationToken)
    {
        var best = servers.Count > 1
            && await HolderAsync(key, cancellationToken) is { } holder
            && servers.Any(server => server.Id == holder)
            ? servers.First(server => server.Id == holder)
            : servers.OrderBy(server => server.Created).ThenBy(server => server.Id, StringComparer.Ordinal).FirstOrDefault();
        if (best is not null)
        {
            _lastIds[key] = best.Id;
        }

        return best;
    }

    private async Task<string?> HolderAsync(string key, CancellationToken cancellationToken) =>
        (await ports.FindAsync(key, cancellationToken)).Main?.DeviceId;

    private static bool IsThere(NovaServer server) => server.Status is not ("DELETED" or "SOFT_DELETED");
}
