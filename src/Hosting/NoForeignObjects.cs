using Dbaas.Cloud.Ports;

namespace Dbaas.Hosting;

/// <summary>The operator named no place where another service stored backups, or does not any more.</summary>
internal sealed class NoForeignObjects : IForeignObjects
{
    public Task<FoundObject?> FindAsync(string location, CancellationToken cancellationToken) => throw Fault(location);

    public Task<byte[]?> ReadAsync(string location, long offset, int count, CancellationToken cancellationToken) => throw Fault(location);

    private static CloudException Fault(string location) =>
        new($"This service does not read {location}: its operator has to say Backups:Trove.", isTransient: false);
}
