using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.Scale;

/// <summary>What a task manager takes with few and with many agents, which are simulated behind the real channel.</summary>
internal sealed class ScaleBenchmark : IBenchmark
{
    private const double MostMb = 1024;
    private const double MostPercent = 60;
    private const double MostStatements = 50;
    private const double LeastReports = 3000;
    private const double OfferedReports = 5000;
    private const int OperationsPerSecond = 50;
    private const int Operations = 500;

    // At this count it is busy for a while.
    private const int Busy = 3_000;

    private static readonly int[] Counts = [100, 1_000, Busy, 10_000];
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(15);

    public string Key => "i";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var plane = await Plane.StartAsync();
        var empty = ProcessMemory.ResidentMb(plane.Manager.Pid);
        say($"without agents: {empty:0} MB");
        var points = new List<GrowthPoint>();
        foreach (var count in Counts.TakeWhile(count => count <= Busy))
        {
            points.Add(await GrowAsync(plane, count, say, cancellationToken));
        }

        var (commands, refused) = await FirstCommands.MeasureAsync(plane, OperationsPerSecond, Operations, cancellationToken);
        say($"first command: {commands.Median * 1000:0} ms, 99 of 100 {commands.At(0.99) * 1000:0} ms, refused {refused}");
        await plane.PaceAsync(OfferedReports);
        await Task.Delay(UnderWay, cancellationToken);
        var busy = await plane.WatchAsync(Watched / 2, cancellationToken);
        say($"{busy}; load {Machine.LoadAverage()}");
        await plane.RestAsync();
        foreach (var count in Counts.Where(count => count > Busy))
        {
            points.Add(await GrowAsync(plane, count, say, cancellationToken));
        }

        var (rest, troubles) = (points[^1], await plane.TroublesAsync());
        return new Section(
            "i. Many agents on one task manager",
            $"""
            Simulated agents in a process of their own, each with its own key, certificate and connection, enrol, say hello, hold the long
            poll and report every 10 s to the task manager's program, over TLS; beside it an API and a MariaDB. {Counts[0]} of them, then
            more; each time, half a minute after the last has come, {Watched.TotalSeconds:0} s are counted: the task manager's own processor
            time, what of it is in memory, and what MariaDB counts as statements (Questions). With {Busy:#,0} agents, {Operations} restarts
            are asked for, {OperationsPerSecond} a second: from the API's answer until the agent has the command; and for a while all report
            so often that {OfferedReports:0} reports a second are offered.
            """,
            [
                Figures.AtMost($"{rest.Agents:#,0} agents on one task manager, resident", rest.MemoryMb, "0", "MB", MostMb),
                Figures.AtMost($"{rest.Agents:#,0} agents at rest, of one processor", rest.Processor, "0.0", "%", MostPercent),
                Figures.AtMost($"{rest.Agents:#,0} agents at rest, statements/s", rest.Statements, "0.0", "", MostStatements),
                new Figure(
                    "Reports/s", $"{busy.Reports:0}", "", "", $"≥ {LeastReports:0}", busy.Reports >= LeastReports),
                Figures.AtMost(
                    $"Accepted to first command at {OperationsPerSecond} operations/s, 99 of 100 within",
                    commands.At(0.99) * 1000, "0", "ms", 1000),
            ],
            [
                $"Without agents: {empty:0} MB. "
                    + string.Join(' ', points.Select(one =>
                        $"{one.Agents:#,0} agents: {one.MemoryMb:0} MB, {one.Processor:0.0} %, {one.Statements:0.0} statements/s, "
                        + $"{one.Reports:0} reports/s.")),
                $"Calls of agents that were not answered, in all: {troubles}.",
                $"First command: half within {commands.Median * 1000:0} ms, the slowest {commands.At(1) * 1000:0} ms; {refused} of "
                    + $"{Operations} requests were refused.",
                $"While {busy.Reports:0} reports a second came, the task manager took {busy.Processor:0} % of a processor and "
                    + $"{busy.Statements:0} statements a second, and had {busy.MemoryMb:0} MB.",
                $"Load average at the end: {Machine.LoadAverage()}.",
            ],
            Draw(points));
    }

    private static async Task<GrowthPoint> GrowAsync(Plane plane, int count, Action<string> say, CancellationToken cancellationToken)
    {
        await plane.GrowAsync(count, say, cancellationToken);
        var point = await plane.WatchAsync(Watched, cancellationToken);
        say($"{point}; load {Machine.LoadAverage()}");
        return point;
    }

    private static Picture Draw(IReadOnlyList<GrowthPoint> points)
    {
        var plot = new Plot("agents");
        plot.Add("Task manager, MB", [.. points.Select(one => (one.Agents, one.MemoryMb))], MostMb);
        plot.Add("Task manager, % of one processor", [.. points.Select(one => (one.Agents, one.Processor))], MostPercent);
        plot.Add("Control database, statements/s", [.. points.Select(one => (one.Agents, one.Statements))], MostStatements);
        return new Picture("scale.svg", plot.Svg(), "What a task manager takes with agents at rest; dashed: the most that it may.");
    }
}
