using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>A whole agent in this process, with a datastore that only notes what is asked of it.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    public const string BootId = "boot-of-its-machine";

    private readonly CancellationTokenSource stop = new();
    private readonly List<string> lines = [];
    private readonly Task work;

    public RunningAgent(GuestBootstrap bootstrap, FakeDatastore datastore, TimeProvider? time = null) =>
        work = Task.Run(() => new Agent(
            bootstrap,
            _ => datastore.WithAccounts(),
            _ => { },
            ProtocolRange.Ours,
            BootId,
            slot: null,
            time ?? TimeProvider.System,
            Log).RunAsync(stop.Token));

    /// <summary>Completes when the agent has ended.</summary>
    public Task Ended => work;

    public string LogText
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    public static GuestBootstrap Bootstrap(string folder, string instanceId, string secret, string authority, params Uri[] gateways) =>
        new()
    {
        InstanceId = instanceId,
        Datastore = "fake",
        GatewayUrls = [.. gateways.Select(url => url.ToString())],
        CaCertificates = authority,
        EnrolmentSecret = secret,
        Address = "127.0.0.1",
        Port = 3306,
        VolumePath = Path.Combine(folder, instanceId, "volume"),
        StatePath = Path.Combine(folder, instanceId, "state"),
        MemoryMb = 512,
        Cpus = 1,
    };

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private void Log(string line)
    {
        lock (lines)
        {
            lines.Add(line);
        }
    }
}
