using Dbaas.Cloud.Ports;

namespace Dbaas.Simulation.Effects;

/// <summary>The store of backups as one life of a worker reaches it.</summary>
public sealed class ObservedObjects(IObjects store, IKeyMaker keys, IEffects effects) : IObjects, IKeyMaker
{
    /// <inheritdoc />
    public Task<BackupKey> MakeAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("make key", () => keys.MakeAsync(cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> RecipientsOfAsync(string identities, CancellationToken cancellationToken) =>
        effects.DoAsync("halves of keys", () => keys.RecipientsOfAsync(identities, cancellationToken));

    /// <inheritdoc />
    public Task<ObjectAddress> AddressAsync(StoredName name, ObjectUse use, TimeSpan goodFor, CancellationToken cancellationToken) =>
        effects.DoAsync("address of object", () => store.AddressAsync(name, use, goodFor, cancellationToken));

    /// <inheritdoc />
    public Task WriteAsync(StoredName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        effects.DoAsync("write object", () => store.WriteAsync(name, content, cancellationToken));

    /// <inheritdoc />
    public Task<byte[]?> ReadAsync(StoredName name, int most, CancellationToken cancellationToken) =>
        effects.DoAsync("read object", () => store.ReadAsync(name, most, cancellationToken));

    /// <inheritdoc />
    public Task<long?> SizeAsync(StoredName name, CancellationToken cancellationToken) =>
        effects.DoAsync("size of object", () => store.SizeAsync(name, cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredObject>> ListAsync(string place, CancellationToken cancellationToken) =>
        effects.DoAsync("list objects", () => store.ListAsync(place, cancellationToken));

    /// <inheritdoc />
    public Task DeleteAsync(StoredName name, CancellationToken cancellationToken) =>
        effects.DoAsync("delete object", () => store.DeleteAsync(name, cancellationToken));
}
