namespace Dbaas.Simulation.Effects;

/// <summary>
/// Holds a worker back before the effect of this number and all that follow, as a stopped process is, until it is let go.
/// </summary>
public sealed class HoldBack(int at) : IEffects
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int passed;

    /// <summary>It is being held back.</summary>
    public Task Reached => reached.Task;

    /// <summary>Lets it go on.</summary>
    public void LetGo() => release.TrySetResult();

    /// <inheritdoc />
    public Task BeforeAsync(string effect)
    {
        if (passed++ < at)
        {
            return Task.CompletedTask;
        }

        // A process that is stopped does nothing of what its timers would do, either.
        reached.TrySetResult();
        return release.Task;
    }

    /// <inheritdoc />
    public Task AfterAsync(string effect) => Task.CompletedTask;
}
