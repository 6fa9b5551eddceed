using Dbaas.Cloud.Ports;

namespace Dbaas.Simulation.Cloud;

/// <summary>A store of objects in memory, and keys that are only names.</summary>
public sealed class SimulatedObjects : IObjects, IKeyMaker
{
    private readonly SortedDictionary<string, SortedDictionary<string, byte[]>> places = new(StringComparer.Ordinal);
    private readonly Lock alone = new();
    private int keys;

    /// <summary>Where anything is, with the names of what is there.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> All =>
        places.ToDictionary(place => place.Key, place => (IReadOnlyList<string>)[.. place.Value.Keys]);

    /// <summary>What was written is there, and in no list yet.</summary>
    public bool ListsAreLate { get; set; }

    /// <inheritdoc />
    public Task<BackupKey> MakeAsync(CancellationToken cancellationToken)
    {
        var number = ++keys;
        return Task.FromResult(new BackupKey($"secret-{number}", $"public-{number}"));
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> RecipientsOfAsync(string identities, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([identities.Replace("secret", "public", StringComparison.Ordinal)]);

    /// <summary>What an agent does with the address that it was given.</summary>
    public void Put(StoredName name, byte[] content)
    {
        lock (alone)
        {
            Of(name.Place).TryAdd(name.Name, content);
        }
    }

    /// <inheritdoc />
    public Task<ObjectAddress> AddressAsync(StoredName name, ObjectUse use, TimeSpan goodFor, CancellationToken cancellationToken) =>
        Task.FromResult(new ObjectAddress($"{name.Place}/{name.Name}", new Dictionary<string, string>()));

    /// <inheritdoc />
    public Task WriteAsync(StoredName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        lock (alone)
        {
            Of(name.Place)[name.Name] = content.ToArray();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<byte[]?> ReadAsync(StoredName name, int most, CancellationToken cancellationToken)
    {
        lock (alone)
        {
            return Task.FromResult(places.GetValueOrDefault(name.Place)?.GetValueOrDefault(name.Name));
        }
    }

    /// <inheritdoc />
    public async Task<long?> SizeAsync(StoredName name, CancellationToken cancellationToken) =>
        (await ReadAsync(name, int.MaxValue, cancellationToken))?.Length;

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredObject>> ListAsync(string place, CancellationToken cancellationToken)
    {
        lock (alone)
        {
            return Task.FromResult<IReadOnlyList<StoredObject>>(
            [
                .. (ListsAreLate ? null : places.GetValueOrDefault(place) ?? [])
                    ?.Select(one => new StoredObject(new StoredName(place, one.Key), one.Value.Length)) ?? [],
            ]);
        }
    }

    /// <inheritdoc />
    public Task DeleteAsync(StoredName name, CancellationToken cancellationToken)
    {
        lock (alone)
        {
            if (places.TryGetValue(name.Place, out var there) && there.Remove(name.Name) && there.Count == 0)
            {
                places.Remove(name.Place);
            }
        }

        return Task.CompletedTask;
    }

    internal void CopyTo(SimulatedObjects copy)
    {
        foreach (var (place, there) in places)
        {
            copy.places[place] = new(there, StringComparer.Ordinal);
        }

        (copy.keys, copy.ListsAreLate) = (keys, ListsAreLate);
    }

    private SortedDictionary<string, byte[]> Of(string place) =>
        places.TryGetValue(place, out var there) ? there : places[place] = new(StringComparer.Ordinal);
}
