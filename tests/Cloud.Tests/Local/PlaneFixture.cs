using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Local;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Processes;
using Dbaas.Cloud.Local.Servers;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;
using Dbaas.Testing;

namespace Dbaas.Cloud.Tests.Local;

/// <summary>A plane with a state folder of its own, of which nothing is left in the end.</summary>
internal sealed class PlaneFixture : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbaas-plane-");

    public PlaneFixture(bool isolated = true)
    {
        // Every state folder of these tests is reached through a link, as a user's may be.
        var real = _folder.CreateSubdirectory("real").FullName;
        var linked = Path.Combine(_folder.FullName, "linked");
        Directory.CreateSymbolicLink(linked, real);
        Options = new LocalPlaneOptions
        {
            StatePath = Path.Combine(linked, "state"),
            AgentProgram = StandInAgent.WriteTo(Path.Combine(linked, "program")),
            NotIsolatedBecause = isolated ? null : "a test says so",
            Images = new Dictionary<string, string> { ["small"] = StandInAgent.WriteImageTo(Path.Combine(_folder.FullName, "image")) },
        };
        Paths = new PlanePaths(Options.StatePath);
        Plane = NewPlane();
    }

    public LocalPlaneOptions Options { get; }

    public PlanePaths Paths { get; }

    public LocalPlaneParts Plane { get; private set; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public LocalPlaneParts NewPlane() => new(Options, TimeProvider.System);

    /// <summary>What a restart of the service does: everything that the plane knew in memory is gone.</summary>
    public void RestartService() => Plane = NewPlane();

    public ServerFolder FolderOf(string key) => new(Paths.Server(key));

    public static ServerSpec Spec(string key, string flavor = "7", string image = "", string? hog = null) => new()
    {
        Key = key,
        Name = key,
        FlavorId = flavor,
        Image = image,
        VolumeKey = key,
        PortKey = key,
        Bootstrap = hog is null
            ? new JsonObject { ["port"] = StandInAgent.Port }
            : new JsonObject { ["port"] = StandInAgent.Port, ["hog"] = hog },
    };

    /// <summary>Volume, port and server, up to the first answer of its "database".</summary>
    public async Task<IPAddress> StartServerAsync(ServerSpec spec)
    {
        await Plane.Volumes.EnsureVolumeAsync(spec.VolumeKey, 1, Cancellation);
        var address = await Plane.Networks.EnsurePortAsync(spec.PortKey, null, Cancellation);
        await Plane.Compute.EnsureServerAsync(spec, Cancellation);
        await ServesAsync(address);
        return address;
    }

    public static Task<string> ServesAsync(IPAddress address) => Eventually.SeeAsync(
        $"the server on {address} answers",
        Soon,
        () => Http.GetStringAsync($"http://{address}:{StandInAgent.Port}/index.html", Cancellation),
        _ => true);

    public int AgentOf(string key) =>
        AgentProcess.Find(FolderOf(key)) ?? throw new InvalidOperationException($"The agent of {key} does not run.");

    /// <summary>What a file in the agent's own folder says, once it is there.</summary>
    public async Task<string> SaidAsync(string key, string file) => (await Eventually.SeeAsync(
        $"{file} of {key}",
        Soon,
        () => File.ReadAllTextAsync(Path.Combine(FolderOf(key).State, file), Cancellation),
        text => text.Length > 0)).Trim();

    /// <summary>Processes in the server's namespace that are the "database".</summary>
    public async Task<int> DatabaseOfAsync(string key)
    {
        var output = await HostCommand.RunAsync("ip", ["netns", "pids", Paths.Namespace(key)], Cancellation);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)
            .Single(pid => ProcessTable.Arguments(pid).Contains("httpd") && ProcessTable.IsAlive(pid));
    }

    /// <summary>Asks for the page of another server from inside a server.</summary>
    /// <returns>The answer with its headers; null when there is none.</returns>
    public async Task<string?> AskFromAsync(string key, IPEndPoint target)
    {
        // busybox's own wget is no use here: linked statically it crashes in the resolver, even for a number.
        var ask = $"printf 'GET /index.html HTTP/1.0\\r\\n\\r\\n' | {StandInAgent.Busybox} nc -w 3 {target.Address} {target.Port}";
        var result = await HostCommand.TryAsync(
            "nsenter", [$"--net=/run/netns/{Paths.Namespace(key)}", StandInAgent.Busybox, "sh", "-c", ask], Cancellation);
        return result.StandardOutput.Length > 0 ? result.StandardOutput : null;
    }

    /// <summary>Everything on this machine that belongs to the plane.</summary>
    public async Task<IReadOnlyList<string>> TracesAsync()
    {
        var loops = await HostCommand.RunAsync("losetup", ["-a"], Cancellation);
        var tables = await HostCommand.RunAsync("nft", ["list", "tables"], Cancellation);
        var folders = new[] { Paths.Servers, Paths.Volumes, Paths.SharedVolumes, Paths.Run }
            .SelectMany(Folders.NamesIn)
            .Select(name => "folder " + name);
        var groups = MountTable.Read().Where(m => m.Kind is "cgroup" or "cgroup2")
            .SelectMany(m => Folders.NamesIn(Path.Combine(m.Point, Paths.CgroupParent))).Select(name => "control group " + name);
        var processes = ProcessTable.All()
            .Where(
                pid =>
                    ProcessTable.IsAlive(pid)
                        && ProcessTable.EnvironmentOf(pid).Any(v => v.Contains(Paths.NamespacePrefix, StringComparison.Ordinal)))
            .Select(pid => $"process {pid} {string.Join(' ', ProcessTable.Arguments(pid))}");
        return
        [
            .. MountTable.Read().Where(m => IsOurs(m.Point)).Select(m => "mount " + m.Point),
            .. tables.Split('\n').Where(
                line => line.Contains(Paths.HostTable, StringComparison.Ordinal) && !Directory.Exists("/sys/class/net/" + Paths.Bridge))
                .Select(line => "filter " + line),
            .. loops.Split('\n').Where(IsOurs).Select(l => "loop device " + l),
            .. Folders.NamesIn("/sys/class/net").Where(l => l != Paths.Bridge && IsOurs(l)).Select(l => "link " + l),
            .. Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns").Where(IsOurs).Select(n => "namespace " + n) : [],
            .. folders, .. groups, .. processes,
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await NewPlane().RemoveEverythingAsync(CancellationToken.None);
        Directory.Delete(_folder.FullName, recursive: true);
    }

    private bool IsOurs(string name) =>
        name.Contains(Paths.Hash, StringComparison.Ordinal) || name.Contains(_folder.FullName, StringComparison.Ordinal);
}
