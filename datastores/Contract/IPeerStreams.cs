namespace Dbaas.Datastores.Contract;

/// <summary>Bulk data from agent to agent: TLS with certificates of our authority, a one-time token, one permitted reader.</summary>
public interface IPeerStreams
{
    /// <summary>Opens the listener of an offer. The same id gives the same offer, also after an agent restart.</summary>
    /// <param name="offer">What, to whom, how long.</param>
    /// <param name="write">Called for each read: writes the data anew. The reader sees a cut stream unless it returns. A fault of
    /// any kind but transient is the end of the offer: each later read is refused with its words.</param>
    /// <param name="cancellationToken">Covers the opening only.</param>
    /// <returns>Where to read it.</returns>
    Task<PeerStreamAddress> OfferAsync(
        PeerStreamOffer offer, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Ends an offer and its transfers. Nothing to do when it has ended.</summary>
    Task CloseAsync(string offerId);

    /// <summary>Reads from a peer's offer to the end.</summary>
    /// <param name="address">From the peer.</param>
    /// <param name="read">Takes the data. The stream throws when the transfer was cut; its regular end means that it is whole.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <exception cref="DatastoreException">
    /// Transient: the peer cannot be reached, or the transfer was cut. Precondition: refused or over.
    /// </exception>
    Task ReadAsync(PeerStreamAddress address, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken);
}

/// <summary>An offer of bulk data.</summary>
/// <param name="Id">Chosen by the caller.</param>
/// <param name="ReaderAddress">The one address that is let in.</param>
/// <param name="ReaderInstanceId">The one certificate that is let in.</param>
/// <param name="OpenFor">Closed by itself after this.</param>
public sealed record PeerStreamOffer(string Id, string ReaderAddress, string ReaderInstanceId, TimeSpan OpenFor);

/// <summary>Where to read an offer.</summary>
/// <param name="Href">An https URL.</param>
/// <param name="Token">A secret.</param>
/// <param name="InstanceId">Whose certificate to expect there.</param>
public sealed record PeerStreamAddress(Uri Href, string Token, string InstanceId)
{
    /// <summary>Never the token.</summary>
    public override string ToString() => Href.ToString();
}
