namespace Dbaas.Simulation.Effects;

/// <summary>Lets something else happen at one point: before the effect of this number.</summary>
public sealed class Interruption(int at, Func<Task> happens) : IEffects
{
    private int passed;

    /// <summary>It has happened.</summary>
    public bool HasHappened => passed > at;

    /// <inheritdoc />
    public Task BeforeAsync(string effect) => passed++ == at ? happens() : Task.CompletedTask;

    /// <inheritdoc />
    public Task AfterAsync(string effect) => Task.CompletedTask;
}
