using System.Globalization;
using System.Security.Cryptography;

namespace Dbaas.Testing.Galera;

/// <summary>
/// A real MariaDB Galera cluster: each node in a network namespace of its own, so that one can be cut off as a cable cuts it. Needs root.
/// All of it is gone when disposed, or when the test program ends.
/// </summary>
public sealed class GaleraCluster : IAsyncDisposable
{
    /// <summary>The user for tests: may do everything, from everywhere.</summary>
    public const string User = "dbaas";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-galera-");
    private readonly string name = RandomNumberGenerator.GetHexString(6, lowercase: true);
    private readonly string subnet = FreeSubnet();
    private readonly List<GaleraNode> nodes = [];

    private GaleraCluster() => AppDomain.CurrentDomain.ProcessExit += OnExit;

    /// <summary>The password of <see cref="User"/>.</summary>
    public string Password { get; } = RandomNumberGenerator.GetHexString(24);

    /// <summary>The nodes, in the order in which they joined.</summary>
    public IReadOnlyList<GaleraNode> Nodes => nodes;

    /// <summary>Starts a cluster; all nodes are synced when this ends.</summary>
    /// <param name="clocksAhead">A node for each: how far its clock is ahead of the machine's.</param>
    public static async Task<GaleraCluster> StartAsync(params TimeSpan[] clocksAhead)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("A Galera cluster for tests needs root: each node has a network namespace of its own.");
        }

        var cluster = new GaleraCluster();
        try
        {
            await cluster.MakeAsync(clocksAhead);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string for each node.</summary>
    public string[] ConnectionStrings(string database = "") => [.. nodes.Select(node => node.ConnectionString(database))];

    /// <summary>kill -9 of all nodes at once.</summary>
    public Task KillAllAsync() => Task.WhenAll(nodes.Select(node => node.KillAsync()));

    /// <summary>
    /// After <see cref="KillAllAsync"/>: begins anew from the node that has the most, as an operator would. The others follow.
    /// </summary>
    public async Task StartAllAgainAsync()
    {
        var positions = new List<(GaleraNode Node, string Position)>();
        foreach (var node in nodes)
        {
            positions.Add((node, await node.PositionAsync()));
        }

        var first = positions.MaxBy(one => long.Parse(one.Position.Split(':')[1], CultureInfo.InvariantCulture)).Node;
        await first.StartAgainAsync(isFirst: true);
        foreach (var node in nodes.Where(node => node != first))
        {
            await node.StartAgainAsync();
        }
    }

    /// <summary>
    /// Waits until all nodes have the same view of all. One that was cut off or stopped says for a while that it is a member: the others
    /// know better.
    /// </summary>
    public Task BeWholeAsync() => Eventually.SeeAsync(
        "all nodes see each other",
        TimeSpan.FromMinutes(2),
        () => Task.WhenAll(nodes.Select(node => node.LookAsync())),
        views => views.All(view => view?.Members == nodes.Count) && views.Distinct().Count() == 1);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        await Run.TryAsync("ip", ["link", "delete", Bridge]);
        folder.Delete(recursive: true);
    }

    private string Bridge => $"g{name}";

    private async Task MakeAsync(TimeSpan[] clocksAhead)
    {
        // The nodes run as a user of their own: rsync, which gives a joining node its data, writes as nobody where it is root.
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        await CopyScriptsAsync();
        await Run.OrThrowAsync("ip", ["link", "add", Bridge, "type", "bridge"]);
        await Run.OrThrowAsync("ip", ["address", "add", $"{subnet}.1/24", "dev", Bridge]);
        await Run.OrThrowAsync("ip", ["link", "set", Bridge, "up"]);
        var addresses = Enumerable.Range(1, clocksAhead.Length).Select(number => $"{subnet}.{10 + number}").ToArray();
        for (var index = 0; index < clocksAhead.Length; index++)
        {
            var node = new GaleraNode(new GaleraPlace(
                Path.Combine(folder.FullName, $"node-{index + 1}"),
                $"{name}-{index + 1}",
                Bridge,
                addresses[index],
                addresses,
                Password,
                clocksAhead[index]));
            nodes.Add(node);
            await node.MakeAsync();
            await node.StartAgainAsync(isFirst: index == 0);
        }
    }

    // Those of the PATH may lie where only root may look.
    private async Task CopyScriptsAsync()
    {
        const string script = "wsrep_sst_rsync";
        var from = Environment.GetEnvironmentVariable("PATH")!.Split(':').FirstOrDefault(path => File.Exists(Path.Combine(path, script)))
            ?? throw new InvalidOperationException($"There is no {script}; './dbaas test' gets it.");
        var to = folder.CreateSubdirectory(GaleraPlace.Scripts).FullName;
        await Run.OrThrowAsync("cp", ["-a", .. Directory.GetFiles(from, "wsrep_sst_*"), to]);
    }

    private static string FreeSubnet()
    {
        var taken = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address.ToString())
            .ToArray();
        while (true)
        {
            var subnet = string.Create(CultureInfo.InvariantCulture, $"10.{Random.Shared.Next(220, 250)}.{Random.Shared.Next(256)}");
            if (!taken.Any(address => address.StartsWith($"{subnet}.", StringComparison.Ordinal)))
            {
                return subnet;
            }
        }
    }

    private void OnExit(object? sender, EventArgs e) => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
