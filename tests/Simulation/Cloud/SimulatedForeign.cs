using Dbaas.Cloud.Ports;

namespace Dbaas.Simulation.Cloud;

/// <summary>What another service stored: by its address.</summary>
public sealed class SimulatedForeign : IForeignObjects
{
    private readonly Dictionary<string, FoundObject> objects = new(StringComparer.Ordinal);

    /// <summary>A backup as a Trove takes it.</summary>
    /// <returns>Its address.</returns>
    public string Add(string name, string? parent = null)
    {
        var location = $"http://swift.invalid/v1/AUTH_p/database_backups/{name}.xbstream.gz";
        var metadata = new Dictionary<string, string> { ["lsn"] = "1", ["datastore"] = "mariadb" };
        if (parent is not null)
        {
            (metadata["parent-location"], metadata["parent-checksum"]) = (parent, objects[parent].Checksum);
        }

        objects[location] = new FoundObject([new FoundSegment(100, $"md5 of {name}")], $"md5 of {name}", metadata);
        return location;
    }

    /// <inheritdoc />
    public Task<FoundObject?> FindAsync(string location, CancellationToken cancellationToken) =>
        Task.FromResult(objects.GetValueOrDefault(location));

    /// <inheritdoc />
    public Task<byte[]?> ReadAsync(string location, long offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult<byte[]?>(objects.ContainsKey(location) ? new byte[count] : null);

    internal void CopyTo(SimulatedForeign copy)
    {
        foreach (var (location, there) in objects)
        {
            copy.objects[location] = there;
        }
    }
}
