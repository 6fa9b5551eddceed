using System.Collections.Concurrent;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Testing;

namespace Dbaas.Datastores.Conformance;

/// <summary>One database server with its folders, as an agent would hold it.</summary>
public sealed class TestInstance : IAsyncDisposable
{
    private readonly Func<DatastoreHost, Datastore> _create;

    internal TestInstance(
        string root,
        IProgramLauncher launcher,
        PeerStreamHub hub,
        int? userId,
        int memoryMb,
        IReadOnlyList<string> userAddresses,
        Func<DatastoreHost, Datastore> create)
    {
        _create = create;
        Id = Guid.CreateVersion7().ToString();
        Folder = Path.Combine(root, Id[^12..]);
        Supervisor = new DirectSupervisor(launcher);
        Processes = new DirectProcesses(launcher);
        Host = new DatastoreHost
        {
            InstanceId = Id,
            Address = "127.0.0.1",
            UserAddresses = userAddresses,
            Port = FreePort.Find(),
            VolumePath = MakeFolder("volume", UnixFileMode.OtherExecute | UnixFileMode.OtherRead),
            StatePath = MakeFolder("state", UnixFileMode.None),
            RunPath = MakeFolder("run", UnixFileMode.OtherExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite),
            UserId = userId,
            MemoryMb = memoryMb,
            Cpus = 1,
            Processes = Processes,
            Supervisor = Supervisor,
            PeerStreams = new DirectPeerStreams(hub, Id),
            Time = TimeProvider.System,
            Tell = (kind, message) => Told.Enqueue($"{kind}: {message}"),
            Log = Log.Enqueue,
        };
        Datastore = create(Host);
    }

    /// <summary>The instance's id.</summary>
    public string Id { get; }

    /// <summary>Where it keeps everything.</summary>
    public string Folder { get; }

    /// <summary>What the agent gives to the datastore.</summary>
    public DatastoreHost Host { get; }

    /// <summary>The datastore under test.</summary>
    public Datastore Datastore { get; private set; }

    /// <summary>Its required part.</summary>
    public IServerControl Server => Datastore.Server;

    /// <summary>Its replication.</summary>
    public IReplication Replication => Datastore.Replication!;

    /// <summary>Its accounts.</summary>
    public IAccounts Accounts => Datastore.Accounts!;

    /// <summary>The server's process.</summary>
    public DirectSupervisor Supervisor { get; }

    /// <summary>The other processes.</summary>
    public DirectProcesses Processes { get; }

    /// <summary>The agent's log.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>What went into the instance's history.</summary>
    public ConcurrentQueue<string> Told { get; } = new();

    /// <summary>Other tests use it too.</summary>
    public bool IsShared { get; internal set; }

    /// <summary>Its replication, as its agent would report it.</summary>
    public async Task<ReplicationReport?> ReportAsync() => (await Server.GetStatusAsync(CancellationToken.None)).Replication;

    /// <summary>A new agent process: nothing is known but what is on the disk.</summary>
    public async Task RestartAgentAsync()
    {
        // As the kernel does for a process that ends.
        await Datastore.DisposeAsync();
        Datastore = _create(Host);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Datastore.DisposeAsync();
        await Supervisor.StopAsync(TimeSpan.Zero, CancellationToken.None);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private string MakeFolder(string name, UnixFileMode others)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);
        return path;
    }
}
