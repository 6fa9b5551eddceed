using System.Collections.Concurrent;
using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>Where the streams of all instances of a test meet, and where transfers are cut.</summary>
public sealed class PeerStreamHub
{
    /// <summary>Cuts the next transfer after so many bytes.</summary>
    public long? CutNextAfter { get; set; }

    /// <summary>Holds each transfer after its first bytes until this is done; null: none.</summary>
    public Func<Task>? Hold { get; set; }

    internal ConcurrentDictionary<Uri, Offer> Offers { get; } = new();

    internal sealed record Offer(PeerStreamOffer What, string Token, Func<Stream, CancellationToken, Task> Write);
}
