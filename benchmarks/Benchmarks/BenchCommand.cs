using System.CommandLine;
using Dbaas.Benchmarks.Accepted;
using Dbaas.Benchmarks.AtRest;
using Dbaas.Benchmarks.Backups;
using Dbaas.Benchmarks.CreateToActive;
using Dbaas.Benchmarks.Fleet;
using Dbaas.Benchmarks.ListInstances;
using Dbaas.Benchmarks.Many;
using Dbaas.Benchmarks.Reporting;
using Dbaas.Benchmarks.Running;
using Dbaas.Benchmarks.Scale;
using Dbaas.Benchmarks.SlaveToActive;
using Dbaas.Benchmarks.Units;

namespace Dbaas.Benchmarks;

/// <summary>Runs the benchmarks and prints the table. Whether a target is met is said, not enforced.</summary>
internal static class BenchCommand
{
    private static readonly IBenchmark[] All =
    [
        new CreateToActiveBenchmark(),
        new SlaveToActiveBenchmark(),
        new ListInstancesBenchmark(),
        new AtRestBenchmark(),
        new ManyInstancesBenchmark(),
        new UnitsBenchmark(),
        new BackupBenchmark(),
        new FleetBenchmark(),
        new ScaleBenchmark(),
        new AcceptedBenchmark(),
    ];

    public static RootCommand Create()
    {
        var keys = All.Select(one => one.Key).ToArray();
        var only = new Option<string>("--only")
        {
            Description =
                "Some of them: a create, b slave, c list, d an instance at rest, e many instances, f units of work, g backup and restore, "
                    + "h many instances of a project, i many agents, j accepted on three nodes. "
                    + "For example: a,c",
            DefaultValueFactory = _ => string.Join(',', keys),
        };
        var runs = new Option<int>("--runs")
        {
            Description = "Runs of each side of a, b, c and g, and by hand of e.", DefaultValueFactory = _ => 5,
        };
        var data = new Option<int>("--data-mb")
        {
            Description = "Data in the master of b, in MB; g has twice as much.", DefaultValueFactory = _ => 1024,
        };
        var write = new Option<FileInfo?>("--write") { Description = "A Markdown file for the result." };
        runs.Validators.Add(result => Require(result.GetValueOrDefault<int>() > 0, result.AddError, "--runs must be at least 1."));
        data.Validators.Add(result => Require(result.GetValueOrDefault<int>() > 0, result.AddError, "--data-mb must be at least 1."));
        only.Validators.Add(result => Require(
            Wanted(result.GetValueOrDefault<string>()).All(keys.Contains),
            result.AddError,
            $"--only takes {string.Join(", ", keys)}, separated by commas."));

        var command = new RootCommand("Measures the service against the bare tools, side by side.") { only, runs, data, write };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wanted = Wanted(parsed.GetRequiredValue(only));
            var machine = await Machine.DescribeAsync(cancellationToken);
            var sections = new List<Section>();
            foreach (var benchmark in All.Where(one => wanted.Contains(one.Key)))
            {
                sections.Add(await benchmark.RunAsync(
                    new BenchmarkOptions(parsed.GetValue(runs), parsed.GetValue(data)),
                    line => Console.Error.WriteLine($"{benchmark.Key}: {line}"),
                    cancellationToken));
            }

            ProcessorTime.Leave();
            var report = new Report(machine, CommandLine(parsed), sections);
            Console.WriteLine(report.Text());
            if (parsed.GetValue(write) is { } file)
            {
                var before = file.Exists ? await File.ReadAllTextAsync(file.FullName, cancellationToken) : "";
                await File.WriteAllTextAsync(file.FullName, report.Markdown() + Report.ByHand(before), cancellationToken);
                foreach (var picture in report.Pictures)
                {
                    await File.WriteAllTextAsync(Path.Combine(file.DirectoryName!, picture.Name), picture.Svg, cancellationToken);
                }
            }

            return 0;
        });
        return command;
    }

    private static string[] Wanted(string? keys) =>
        (keys ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string CommandLine(ParseResult parsed) =>
        string.Join(' ', ["./dbaas", "bench", .. parsed.Tokens.Select(token => token.Value)]);

    private static void Require(bool holds, Action<string> addError, string message)
    {
        if (!holds)
        {
            addError(message);
        }
    }
}
