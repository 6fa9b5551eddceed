using Dbaas.Cloud.Ports;

namespace Dbaas.Simulation.Effects;

/// <summary>Another service's store as one life of a worker reaches it.</summary>
public sealed class ObservedForeign(IForeignObjects store, IEffects effects) : IForeignObjects
{
    /// <inheritdoc />
    public Task<FoundObject?> FindAsync(string location, CancellationToken cancellationToken) =>
        effects.DoAsync("find foreign object", () => store.FindAsync(location, cancellationToken));

    /// <inheritdoc />
    public Task<byte[]?> ReadAsync(string location, long offset, int count, CancellationToken cancellationToken) =>
        effects.DoAsync("read foreign object", () => store.ReadAsync(location, offset, count, cancellationToken));
}
