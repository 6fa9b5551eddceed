using Dbaas.GuestAgent.Jobs;
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

    /// <summary>It changes nothing.</summary>
    public bool OnlyReads { get; set; }

    /// <summary>For a command that began one.</summary>
    public Job? Job { get; set; }

    /// <summary>Ends it; a job also keeps the reason.</summary>
    public void End(string because)
    {
        if (Job is { } job)
        {
            job.End(because);
        }
        else
        {
            Cancel();
        }
    }

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
