using Dbaas.Simulation.Effects;

namespace Dbaas.Simulation.Running;

/// <summary>One of those that act at the same time. It stops before each of its effects until it is its turn.</summary>
public sealed class Participant : IEffects
{
    private TaskCompletionSource stopped = NewSignal();
    private TaskCompletionSource turn = NewSignal();
    private bool isDead;

    /// <summary>It has looked and found nothing to do.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>The next thing that it does can be seen by others.</summary>
    public bool IsAtEffect { get; private set; }

    /// <summary>That changes something: others may have something to do then.</summary>
    public bool IsAtChange { get; private set; }

    /// <summary>It is over.</summary>
    public bool IsDone { get; private set; }

    /// <inheritdoc />
    public async Task BeforeAsync(string effect)
    {
        (IsAtEffect, IsAtChange) = (true, effect != "read");
        await StopAsync(idle: false);
        (IsAtEffect, IsAtChange) = (false, false);
        if (isDead)
        {
            throw new CutException("before " + effect);
        }
    }

    /// <inheritdoc />
    public Task AfterAsync(string effect) => Task.CompletedTask;

    /// <summary>There is nothing to do until something has changed.</summary>
    public Task IdleAsync() => StopAsync(idle: true);

    /// <summary>A new life begins.</summary>
    public void Revive() => isDead = false;

    /// <summary>Something has changed: there may be something to do.</summary>
    internal void LookAgain() => IsIdle = false;

    /// <summary>Its life ends at its next effect.</summary>
    internal void Kill() => isDead = true;

    internal void Begin(Func<Participant, Task> body) => _ = Task.Run(async () =>
    {
        await StopAsync(idle: false);
        try
        {
            await body(this);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        IsDone = true;
        stopped.SetResult();
    });

    internal Exception? Failure { get; private set; }

    internal Task StoppedAsync() => stopped.Task;

    /// <summary>Lets it go on to its next stop.</summary>
    internal async Task GoAsync()
    {
        stopped = NewSignal();
        var go = turn;
        turn = NewSignal();
        go.SetResult();
        await stopped.Task;
        if (Failure is not null)
        {
            throw new SimulationException("One of the participants failed: " + Failure.Message, Failure);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task StopAsync(bool idle)
    {
        IsIdle = idle;
        var next = turn.Task;
        stopped.SetResult();
        return next;
    }
}
