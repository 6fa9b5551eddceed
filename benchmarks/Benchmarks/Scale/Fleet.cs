using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.Scale;

/// <summary>A running process of simulated agents.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private readonly Process process;
    private readonly int count;

    private Fleet(Process process, int count) => (this.process, this.count) = (process, count);

    public static async Task<Fleet> StartAsync(FleetOrder order)
    {
        var fleet = new Fleet(Programs.Start(Environment.ProcessPath!, [AgentsCommand.Name]), order.Agents.Count);
        fleet.process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        fleet.process.BeginErrorReadLine();
        await fleet.process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        return fleet;
    }

    /// <summary>Waits until all have enrolled and reported.</summary>
    public async Task BeReadyAsync(Action<FleetLook> say, CancellationToken cancellationToken)
    {
        while (true)
        {
            var look = await LookAsync();
            if (look.Ready == count)
            {
                return;
            }

            say(look);
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    public Task<FleetLook> LookAsync() => AskAsync<FleetLook>(AgentsCommand.Look);

    /// <summary>When a command first came to each instance.</summary>
    public Task<Dictionary<string, long>> CommandsAsync() => AskAsync<Dictionary<string, long>>(AgentsCommand.Commands);

    /// <summary>From now on each reports every so many seconds.</summary>
    public Task PaceAsync(double seconds) =>
        AskAsync<FleetLook>(AgentsCommand.Pace + seconds.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Programs.EndAsync(process);
        process.Dispose();
    }

    private async Task<T> AskAsync<T>(string question)
    {
        await process.StandardInput.WriteLineAsync(question);
        var answer = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The simulated agents have ended.");
        return JsonSerializer.Deserialize<T>(answer)!;
    }
}
