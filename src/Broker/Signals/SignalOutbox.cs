using System.Threading.Channels;
using Dbaas.Persistence.Signals;

namespace Dbaas.Broker.Signals;

/// <summary>
/// What other nodes are to be told, for the moment: while there is no connection nothing is kept, since others look by themselves.
/// </summary>
internal sealed class SignalOutbox : IRemoteSignals
{
    private const int Most = 10_000;

    private readonly Channel<(SignalKind Kind, string Key)> waiting = Channel.CreateBounded<(SignalKind, string)>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>There is somebody to send it.</summary>
    public volatile bool IsOpen;

    public ChannelReader<(SignalKind Kind, string Key)> Waiting => waiting.Reader;

    public void Tell(SignalKind kind, string key)
    {
        if (IsOpen)
        {
            waiting.Writer.TryWrite((kind, key));
        }
    }
}
