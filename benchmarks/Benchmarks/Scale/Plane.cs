using System.Globalization;
using Dbaas.Benchmarks.Running;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Scale;

/// <summary>
/// A control plane of an API and a task manager on a MariaDB, and the agents that have come so far: what each program takes can be told
/// from outside.
/// </summary>
internal sealed class Plane : IAsyncDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);
    private readonly RunningNodes nodes;
    private readonly List<Fleet> fleets = [];
    private readonly List<FleetAgent> agents = [];

    private Plane(RunningNodes nodes, RunningNode manager, TroveClient trove) => (this.nodes, Manager, Trove) = (nodes, manager, trove);

    public RunningNode Manager { get; }

    /// <summary>A client of the API.</summary>
    public TroveClient Trove { get; }

    /// <summary>All agents that have come.</summary>
    public IReadOnlyList<FleetAgent> Agents => agents;

    public static async Task<Plane> StartAsync()
    {
        // As a service has it; tests are in a hurry.
        var nodes = await RunningNodes.StartAsync(("ReportSeconds", 10));
        return new Plane(nodes, await nodes.AddTaskManagerAsync("task-manager"), await nodes.LogInAsync());
    }

    /// <summary>Lets agents come until there are so many, and waits until all are at rest.</summary>
    public async Task GrowAsync(int count, Action<string> say, CancellationToken cancellationToken)
    {
        var order = await SeededGuests.AddAsync(nodes, Trove.ProjectId, count - agents.Count, cancellationToken);
        agents.AddRange(order.Agents);
        var fleet = await Fleet.StartAsync(order);
        fleets.Add(fleet);
        await fleet.BeReadyAsync(
            look => say($"{look.Ready} of {order.Agents.Count} more are ready; troubles: {look.Troubles} {look.LastTrouble}"),
            cancellationToken);
        await Task.Delay(Settle, cancellationToken);
    }

    /// <summary>What is used from now on for so long.</summary>
    public async Task<GrowthPoint> WatchAsync(TimeSpan watched, CancellationToken cancellationToken)
    {
        var (processor, statements, before) = (ProcessorTime.Of(Manager.Pid), await StatementsAsync(), await ReportsAsync());
        await Task.Delay(watched, cancellationToken);
        var reports = await ReportsAsync();
        return new GrowthPoint(
            agents.Count,
            ProcessMemory.ResidentMb(Manager.Pid),
            100 * (ProcessorTime.Of(Manager.Pid) - processor) / watched.TotalSeconds,
            (await StatementsAsync() - statements) / watched.TotalSeconds,
            (reports.Count - before.Count) / (reports.Seconds - before.Seconds));
    }

    /// <summary>From now on all agents together send so many reports a second.</summary>
    public Task PaceAsync(double reportsPerSecond) =>
        Task.WhenAll(fleets.Select(fleet => fleet.PaceAsync(agents.Count / reportsPerSecond)));

    /// <summary>From now on they report as the gateway asks them to.</summary>
    public Task RestAsync() => Task.WhenAll(fleets.Select(fleet => fleet.PaceAsync(0)));

    /// <summary>When a command first came to each instance's agent, by the machine's clock that all processes share.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CommandsAsync() =>
        (await Task.WhenAll(fleets.Select(fleet => fleet.CommandsAsync()))).SelectMany(all => all).ToDictionary();

    /// <summary>How many calls of agents were not answered so far.</summary>
    public async Task<int> TroublesAsync() => (await Task.WhenAll(fleets.Select(fleet => fleet.LookAsync()))).Sum(look => look.Troubles);

    public async ValueTask DisposeAsync()
    {
        Trove.Dispose();
        foreach (var fleet in fleets)
        {
            await fleet.DisposeAsync();
        }

        await nodes.DisposeAsync();
    }

    private async Task<(long Count, double Seconds)> ReportsAsync()
    {
        var looks = await Task.WhenAll(fleets.Select(fleet => fleet.LookAsync()));
        return (looks.Sum(look => look.Reports), TimeProvider.System.GetElapsedTime(0).TotalSeconds);
    }

    // Its own, with what the question costs.
    private async Task<double> StatementsAsync() => double.Parse(
        (await nodes.AskAsync("SHOW GLOBAL STATUS LIKE 'Questions'")).Split('\t')[1], CultureInfo.InvariantCulture);
}
