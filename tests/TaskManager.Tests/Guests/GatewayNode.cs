using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.Simulation;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.TaskManager.Tests.Guests;

/// <summary>What stands behind one gateway, over a real database and under a clock that only the test moves.</summary>
internal sealed class GatewayNode : IAsyncDisposable
{
    private readonly World world;
    private readonly bool ownsWorld;
    private readonly GuestFigures figures;

    private GatewayNode(World world, bool ownsWorld, ControlSignals signals)
    {
        Signals = signals;
        this.world = world;
        this.ownsWorld = ownsWorld;
        Database = new RecordingDatabase(world.Database);
        Reports = new GuestReports(Database, Options, world.Clock, NullLogger<GuestReports>.Instance);
        figures = new GuestFigures(Options, world.Clock);
        Signs = new GatewaySigns(world.Database, Options, world.Clock, NullLogger<GatewaySigns>.Instance);
        Directory = new GuestDirectory(Database, Signals, Reports, figures, Options, world.Ids, world.Clock);
    }

    public static GuestOptions Options { get; } = new() { Gather = TimeSpan.Zero };

    public RecordingDatabase Database { get; }

    public ControlSignals Signals { get; }

    public GuestReports Reports { get; }

    private GatewaySigns Signs { get; }

    public IGuestDirectory Directory { get; }

    public VirtualClock Clock => world.Clock;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<GatewayNode> StartAsync()
    {
        var node = new GatewayNode(await World.CreateAsync(), ownsWorld: true, new ControlSignals());
        await node.StartServingAsync();
        return node;
    }

    /// <summary>Another process over the same database.</summary>
    public async Task<GatewayNode> StartAnotherAsync()
    {
        var node = new GatewayNode(world, ownsWorld: false, new ControlSignals());
        await node.StartServingAsync();
        return node;
    }

    /// <summary>The process ends: nobody can report to it any more.</summary>
    public async Task StopAsync()
    {
        await Reports.StopAsync(Cancel);
        await Signs.StopAsync(Cancel);
    }

    public Task<string> InstanceAsync() => world.Api.CreateAsync("db");

    public Task<ReportAnswer> ReportAsync(string id, Func<GuestReport, GuestReport>? but = null)
    {
        var report = new GuestReport { AgentVersion = "test", State = ServerState.Healthy };
        return Directory.AcceptReportAsync(id, but?.Invoke(report) ?? report, Cancel);
    }

    public async Task<GuestState> StateAsync(string id) => (await Read(unit => GuestRows.Find(unit, id)))!;

    public Task<IReadOnlyList<HistoryEntry>> HistoryAsync(string id) => Read(unit => HistoryRows.Of(unit, id, 100, null));

    public Task Write(Action<IUnit> work) => world.Database.WriteAsync(work, Cancel);

    public Task<T> Read<T>(Func<IUnit, T> work) => world.Database.ReadAsync(work, Cancel);

    public async ValueTask DisposeAsync()
    {
        await Reports.StopAsync(CancellationToken.None);
        await Signs.StopAsync(CancellationToken.None);
        Reports.Dispose();
        figures.Dispose();
        Signs.Dispose();
        if (ownsWorld)
        {
            world.Dispose();
        }
    }

    private async Task StartServingAsync()
    {
        await Signs.StartAsync(Cancel);
        await Reports.StartAsync(Cancel);
    }
}
