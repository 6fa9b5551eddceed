namespace Dbaas.Simulation.Effects;

/// <summary>Everything goes its way.</summary>
public sealed class Undisturbed : IEffects
{
    /// <inheritdoc />
    public Task BeforeAsync(string effect) => Task.CompletedTask;

    /// <inheritdoc />
    public Task AfterAsync(string effect) => Task.CompletedTask;
}
