using Dbaas.Benchmarks.Bare;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.AtRest;

/// <summary>What an idle instance costs: its agent, and its database beside one that nobody looks after.</summary>
internal sealed class AtRestBenchmark : IBenchmark
{
    private const int Instances = 5;
    private const string Agent = "Dbaas.GuestAgent";
    private const string Database = "mariadbd";

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    public string Key => "d";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var service = await Services.StartAsync();
        using var trove = await service.LogInAsync();
        List<string> ids = [];
        var toActive = new Samples();
        for (var number = 0; number < Instances; number++)
        {
            var (id, _) = await Running.Instances.CreateAsync(
                trove, new { name = $"idle{number}", flavorRef = "7", volume = new { size = 1 } }, cancellationToken);
            toActive.Add(ProcessorTime.Of(PidOf(id, Agent)));
            ids.Add(id);
        }

        await using var bare = new BareServer(
            await File.ReadAllTextAsync(Running.Instances.OptionFile(ids[0]), cancellationToken), serverId: 1);
        await bare.InitializeAsync(cancellationToken);
        await bare.StartAsync(cancellationToken);
        say($"resting; until ACTIVE the agents had {toActive.All("0.00")} s");
        await Task.Delay(Rest, cancellationToken);

        int[] agents = [.. ids.Select(id => PidOf(id, Agent))];
        int[] databases = [.. ids.Select(id => PidOf(id, Database)), bare.Pid];
        double[] before = [.. agents.Concat(databases).Select(pid => ProcessorTime.Of(pid))];
        await Task.Delay(Watched, cancellationToken);
        double[] shares =
            [.. agents.Concat(databases).Select((pid, index) => (ProcessorTime.Of(pid) - before[index]) / Watched.TotalSeconds * 100)];
        var (ofAgent, ofDatabase, resident) = (new Samples(), new Samples(), new Samples());
        for (var number = 0; number < Instances; number++)
        {
            ofAgent.Add(shares[number]);
            ofDatabase.Add(shares[Instances + number]);
            resident.Add(ProcessMemory.ResidentMb(agents[number]));
        }

        say($"agent {ofAgent.Median:0.00} %, database {ofDatabase.Median:0.00} %, {resident.Median:0} MB");
        foreach (var id in ids)
        {
            await Running.Instances.DeleteAsync(trove, id);
        }

        var release = new DirectoryInfo(Path.GetDirectoryName(AgentProgram.Path)!)
            .EnumerateFiles()
            .Sum(file => file.Length) / 1024.0 / 1024;
        return new Section(
            "d. An instance at rest",
            $"""
            {Instances} instances (flavor 7) on one service, idle for {Rest.TotalSeconds:0} s; then the processor time of each agent and
            each database in
            {Watched.TotalSeconds:0} s, and VmRSS of the agents. Beside them a database by hand with the same option file, which nobody
            looks after. The
            agent's time until ACTIVE is all that it had had by then, without the tools that it ran; the release is the folder of the
            published agent.
            """,
            [
                Figures.AtMost("Agent at rest, of one processor", ofAgent.Median, "0.00", "%", 0.3),
                Figures.AtMost("Database at rest", ofDatabase.Median, "0.00", "%", 0.2, bare: shares[^1]),
                Figures.AtMost("Agent, resident", resident.Median, "0", "MB", 30),
                Figures.AtMost("Agent's processor time until ACTIVE", toActive.Median, "0.00", "s", 0.25),
                Figures.AtMost("Agent's release on disk", release, "0.0", "MB", 20),
            ],
            [
                $"Agents: {ofAgent.All("0.00")} %; {resident.All("0.0")} MB; until ACTIVE {toActive.All("0.00")} s.",
                $"Databases: {ofDatabase.All("0.00")} %.",
            ]);
    }

    private static int PidOf(string id, string program) => LeftOvers.PidsOf(id, program).Single();
}
