using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.OpenStack.Tier.Guests;

/// <summary>
/// Does behind Nova's fake driver what a real one does: as long as a server of the project runs, says Nova, its machine does; it is started
/// anew when the server was; its root disk is a new one after a rebuild; it is gone with the server.
/// </summary>
internal sealed class Hypervisor : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);
    private readonly RawCloud _admin = Lab.Raw(Lab.Admin());
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Machine> _machines = [];
    private readonly Dictionary<string, (string Updated, JsonArray Actions)> _actions = [];
    private readonly string _projectId;
    private readonly IReadOnlyList<GuestNetwork> _networks;
    private readonly string _folder;
    private readonly Task _watching;

    public Hypervisor(string projectId, IReadOnlyList<GuestNetwork> networks)
    {
        (_projectId, _networks) = (projectId, networks);
        _folder = Directory.CreateDirectory(Path.Combine(Lab.Folder, "guests-" + projectId[..8])).FullName;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The folder of a server's machine.</summary>
    public string FolderOf(string server) => Path.Combine(_folder, server[..8]);

    /// <summary>What the consoles of its machines said, each with its server's id.</summary>
    public IReadOnlyList<string> Consoles =>
        [
            .. Directory.GetFiles(_folder, "console", SearchOption.AllDirectories)
            .Select(file => $"{Path.GetDirectoryName(file)}:\n{File.ReadAllText(file)}"),
        ];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        foreach (var machine in _machines.Values)
        {
            await machine.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        _admin.Dispose();
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (Exception e)
            {
                // Services fail in these tests. The next look sees what this one did not.
                Console.WriteLine($"guests: {e.Message}");
            }

            await Task.Delay(Pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync()
    {
        var list = (await _admin.GetAsync(
            CloudService.Compute, "servers/detail?all_tenants=1&project_id=" + _projectId, "2.73"))["servers"]!.AsArray();
        var servers = new List<NovaView>();
        foreach (var server in list)
        {
            servers.Add(NovaView.Of(server!, await ActionsAsync(server!)));
        }

        foreach (var gone in _machines.Keys.Except(servers.Select(server => server.Id)))
        {
            _machines.Remove(gone, out var machine);
            await machine!.DisposeAsync();
        }

        await Task.WhenAll(servers.Select(FollowAsync));
    }

    private async Task FollowAsync(NovaView server)
    {
        var machine = _machines.GetOrAdd(server.Id, id => new Machine(id, FolderOf(id)));
        if (machine.Boot is not null && (!server.HasPower || machine.Boot != server.Boot))
        {
            await machine.PowerOffAsync();
        }

        if (server.HasPower && machine.Boot is null)
        {
            await machine.StartAsync(server, await CablesAsync(server.Id));
        }

        await machine.FollowSizesAsync();
    }

    private async Task<JsonArray> ActionsAsync(JsonNode server)
    {
        var (id, updated) = (server["id"]!.GetValue<string>(), $"{server["updated"]} {server["status"]} {server["OS-EXT-STS:task_state"]}");
        if (!_actions.TryGetValue(id, out var known) || known.Updated != updated)
        {
            var actions = (await _admin.GetAsync(
                CloudService.Compute, $"servers/{id}/os-instance-actions", "2.73"))["instanceActions"]!.AsArray();
            known = _actions[id] = (updated, actions);
        }

        return known.Actions;
    }

    private async Task<Cable[]> CablesAsync(string id)
    {
        var ports = (await _admin.GetAsync(CloudService.Network, "v2.0/ports?device_id=" + id))["ports"]!.AsArray();
        return
        [
            .. from network in _networks
               from port in ports
               where port!["network_id"]!.GetValue<string>() == network.Id
               select new Cable(
                   network,
                   port["mac_address"]!.GetValue<string>(),
                   IPAddress.Parse(port["fixed_ips"]![0]!["ip_address"]!.GetValue<string>())),
        ];
    }
}
