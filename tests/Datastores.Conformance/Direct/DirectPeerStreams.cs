using System.IO.Pipelines;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>Bulk data from instance to instance within the test's process.</summary>
public sealed class DirectPeerStreams(PeerStreamHub hub, string instanceId) : IPeerStreams
{
    /// <inheritdoc />
    public Task<PeerStreamAddress> OfferAsync(
        PeerStreamOffer offer, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var href = HrefOf(offer.Id);
        var kept = hub.Offers.AddOrUpdate(
            href,
            _ => new PeerStreamHub.Offer(offer, $"token-{Guid.CreateVersion7():N}", write),
            (_, known) => known with { Write = write });
        return Task.FromResult(new PeerStreamAddress(href, kept.Token, instanceId));
    }

    /// <inheritdoc />
    public Task CloseAsync(string offerId)
    {
        hub.Offers.TryRemove(HrefOf(offerId), out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task ReadAsync(PeerStreamAddress address, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        if (!hub.Offers.TryGetValue(address.Href, out var offer)
            || offer.Token != address.Token
            || offer.What.ReaderInstanceId != instanceId)
        {
            throw new DatastoreException(FaultKind.Precondition, "The peer refuses: no such offer.");
        }

        var cutAfter = hub.CutNextAfter;
        hub.CutNextAfter = null;
        var pipe = new Pipe();
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(pipe.Writer, offer, life.Token);
        try
        {
            await read(new CuttingStream(pipe.Reader.AsStream(), cutAfter, hub.Hold), cancellationToken);
        }
        finally
        {
            await life.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    private static async Task WriteAsync(PipeWriter writer, PeerStreamHub.Offer offer, CancellationToken cancellationToken)
    {
        try
        {
            await offer.Write(writer.AsStream(leaveOpen: true), cancellationToken);
            await writer.CompleteAsync();
        }
        catch (DatastoreException e) when (e.Kind is not FaultKind.Transient)
        {
            await writer.CompleteAsync(e);
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(new DatastoreException(FaultKind.Transient, $"The transfer was cut: {e.Message}", e));
        }
    }

    private Uri HrefOf(string offerId) => new($"https://{instanceId}.test/{offerId}");
}
