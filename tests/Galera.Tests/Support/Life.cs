using Dbaas.Simulation.Effects;

namespace Dbaas.Galera.Tests.Support;

/// <summary>One life of a worker, which may be killed, or stopped for a while, between any two things that it does.</summary>
public sealed class Life : IEffects
{
    private readonly Lock alone = new();
    private TaskCompletionSource? stopped;
    private volatile bool isDead;

    /// <summary>kill -9.</summary>
    public void Kill() => isDead = true;

    /// <summary>SIGSTOP.</summary>
    public void Freeze()
    {
        lock (alone)
        {
            stopped ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>SIGCONT.</summary>
    public void Thaw()
    {
        lock (alone)
        {
            stopped?.SetResult();
            stopped = null;
        }
    }

    public async Task BeforeAsync(string effect)
    {
        Task? goOn;
        lock (alone)
        {
            goOn = stopped?.Task;
        }

        await (goOn ?? Task.CompletedTask);
        if (isDead)
        {
            throw new CutException("before " + effect);
        }
    }

    // What was asked for has happened, and whoever is dead does not hear of it.
    public Task AfterAsync(string effect) => BeforeAsync("the answer to " + effect);
}
