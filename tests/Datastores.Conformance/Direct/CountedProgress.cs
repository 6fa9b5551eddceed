using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>Remembers what it was told.</summary>
public sealed class CountedProgress : IJobProgress
{
    private long _done;

    /// <summary>How much there will be.</summary>
    public long Expected { get; private set; }

    /// <summary>How much is done.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <inheritdoc />
    public void Expect(long bytes) => Expected = bytes;

    /// <inheritdoc />
    public void Advance(long bytes) => Interlocked.Add(ref _done, bytes);
}
