using Dbaas.Domain.Logs;

namespace Dbaas.TroveApi.Logs;

/// <summary>Opens what was published. The API knows no store.</summary>
public interface IPublishedLogs
{
    /// <summary>The text of one part.</summary>
    /// <param name="log">The log.</param>
    /// <param name="secret">What its parts are encrypted with.</param>
    /// <param name="part">The part.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null: it is not there (any more).</returns>
    /// <exception cref="IOException">The store is not reached, or what is there is not what was written.</exception>
    Task<byte[]?> ReadAsync(PublishedLog log, string secret, PublishedPart part, CancellationToken cancellationToken);
}
