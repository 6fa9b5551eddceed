using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Commands;

/// <summary>A command in hand, with what ends it: its deadline, a newer operation, the agent's own end.</summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly CancellationTokenSource deadline;
    private readonly CancellationTokenSource end;

    public RunningCommand(CommandEnvelope command, TimeProvider time, TimeSpan longest, CancellationToken stopping)
    {
        Command = command;
        var within = TimeSpan.FromSeconds(Math.Clamp(command.DeadlineSeconds, 0, longest.TotalSeconds));
        deadline = new CancellationTokenSource(within, time);
        end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        Token = end.Token;
    }

    public CommandEnvelope Command { get; }

    public CancellationToken Token { get; }

    /// <summary>Completes when nothing is done for the command any more.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    public void Cancel()
    {
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself in this moment.
        }
    }

    public void Dispose()
    {
        end.Dispose();
        deadline.Dispose();
    }
}
