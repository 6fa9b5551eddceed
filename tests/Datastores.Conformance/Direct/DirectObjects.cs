using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>One backup's data in memory, without compression and keys: those are the agent's.</summary>
public sealed class DirectObjects : IObjectWriter, IObjectReader
{
    private byte[]? _written;

    /// <summary>Called when the first bytes have come.</summary>
    public Action OnFirst { get; set; } = () => { };

    /// <summary>The store takes no more than the first bytes until this has ended.</summary>
    public Func<CancellationToken, Task> Hold { get; set; } = _ => Task.CompletedTask;

    /// <summary>Reading is cut off after so many bytes; null: not.</summary>
    public int? CutAfter { get; set; }

    /// <summary>Called once, when somebody has read the first bytes; null: not.</summary>
    public Action? OnFirstRead { get; set; }

    /// <summary>What the datastore said would come.</summary>
    public long Expected { get; private set; }

    /// <summary>How much is there; null: it was not written to the end.</summary>
    public long? Size => _written?.Length;

    /// <inheritdoc />
    public void Expect(long bytes) => Expected = bytes;

    /// <inheritdoc />
    public async Task<long> WriteAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var data = new FirstBytes(() => OnFirst(), token => Hold(token));
        await write(data, cancellationToken);
        _written = data.ToArray();
        return _written.Length;
    }

    /// <inheritdoc />
    public async Task ReadAsync(Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        var (cut, first) = (CutAfter, OnFirstRead);
        (CutAfter, OnFirstRead) = (null, null);
        await using var data = new CuttingStream(new MemoryStream(_written!), cut, () =>
        {
            first?.Invoke();
            return Task.CompletedTask;
        });
        await read(data, cancellationToken);
    }

    private sealed class FirstBytes(Action onFirst, Func<CancellationToken, Task> hold) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Length == 0)
            {
                onFirst();
                await hold(cancellationToken);
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
