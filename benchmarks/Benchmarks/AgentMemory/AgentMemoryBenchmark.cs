using System.Globalization;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.AgentMemory;

/// <summary>What an agent takes of an idle instance's memory.</summary>
internal sealed class AgentMemoryBenchmark : IBenchmark
{
    private const double TargetMb = 80;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    public string Key => "d";

    public async Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var service = await Services.StartAsync();
        using var trove = await service.LogInAsync();
        var (id, _) = await Instances.CreateAsync(
            trove, new { name = "idle", flavorRef = "7", volume = new { size = 1 } }, cancellationToken);
        var agent = LeftOvers.Processes(id).Single(IsAgent);
        var fresh = Megabytes(agent, "VmRSS");
        await Task.Delay(Rest, cancellationToken);
        var resident = Megabytes(agent, "VmRSS");
        say($"{resident:0} MB");
        await Instances.DeleteAsync(trove, id);
        return new Section(
            "d. Agent's memory at rest",
            $"VmRSS of the agent of an idle instance (flavor 7), {Rest.TotalSeconds:0} s after its creation. The aim is 64 MB.",
            [new Figure("Agent, resident", $"{resident:0} MB", "", "", $"≤ {TargetMb} MB", resident <= TargetMb)],
            [$"Right after the creation: {fresh:0} MB."]);
    }

    private static bool IsAgent(string pid) =>
        File.ReadAllText($"/proc/{pid}/cmdline").Split('\0') is [var program, "--bootstrap", ..] && Path.GetFileName(program) == "Dbaas.GuestAgent";

    private static double Megabytes(string pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(text => text.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line.Split([':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
