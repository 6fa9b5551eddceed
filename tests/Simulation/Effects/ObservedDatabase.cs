using Dbaas.Persistence;

namespace Dbaas.Simulation.Effects;

/// <summary>The control plane's database as one life of a worker reaches it.</summary>
public sealed class ObservedDatabase(IDatabase inner, IEffects effects) : IDatabase
{
    /// <inheritdoc />
    public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        effects.DoAsync("read", () => inner.ReadAsync(work, cancellationToken));

    /// <inheritdoc />
    public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        effects.DoAsync("write", () => inner.WriteAsync(work, cancellationToken));
}
