using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Dbaas.Benchmarks.Scale;

/// <summary>
/// Many simulated agents in a process of their own. Its first line of input says who they are; each further one asks for something and is
/// answered by a line. It ends with its input.
/// </summary>
internal static class AgentsCommand
{
    public const string Name = "agents";

    /// <summary>Answered by a <see cref="FleetLook"/>.</summary>
    public const string Look = "look";

    /// <summary>Answered by when a command came to each.</summary>
    public const string Commands = "commands";

    /// <summary>Followed by the seconds from one report to the next; 0: as the gateway says.</summary>
    public const string Pace = "pace ";

    // Real ones come in time by time, too.
    private const int BeginAtOnce = 100;

    public static Command Create()
    {
        var command = new Command(Name, "Simulates agents.") { Hidden = true };
        command.SetAction(async (_, cancellationToken) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var order = JsonSerializer.Deserialize<FleetOrder>((await Console.In.ReadLineAsync(cancellationToken))!)!;
            var counts = new FleetCounts();

            // In memory: thousands of keys need not outlive anything.
            var folder = Directory.CreateDirectory(Path.Combine("/dev/shm", $"dbaas-agents-{Environment.ProcessId}"));
            try
            {
                var running = RunAsync(order, folder.FullName, counts, end.Token);
                await AnswerAsync(counts, cancellationToken);
                await end.CancelAsync();
                await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                folder.Delete(recursive: true);
            }

            return 0;
        });
        return command;
    }

    private static async Task AnswerAsync(FleetCounts counts, CancellationToken cancellationToken)
    {
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Pace, StringComparison.Ordinal))
            {
                counts.Pace = double.Parse(line[Pace.Length..], CultureInfo.InvariantCulture) is > 0 and var pace ? pace : null;
            }

            Console.WriteLine(line == Commands ? JsonSerializer.Serialize(counts.Commands()) : JsonSerializer.Serialize(counts.Look()));
        }
    }

    private static async Task RunAsync(FleetOrder order, string folder, FleetCounts counts, CancellationToken cancellationToken)
    {
        using var turns = new SemaphoreSlim(BeginAtOnce);
        var resting = new List<Task>();
        foreach (var one in order.Agents)
        {
            await turns.WaitAsync(cancellationToken);
            resting.Add(Task.Run(() => LiveAsync(one), cancellationToken));
        }

        await Task.WhenAll(resting);

        async Task LiveAsync(FleetAgent one)
        {
            using var agent = new SimulatedAgent(order, one, Path.Combine(folder, one.InstanceId), counts);
            try
            {
                await agent.BeginAsync(cancellationToken);
            }
            finally
            {
                turns.Release();
            }

            await agent.RestAsync(cancellationToken);
        }
    }
}
