using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>The parts of one archived log in memory.</summary>
public sealed class DirectLog : ILogWriter, ILogReader
{
    private readonly List<byte[]> _parts = [];
    private DateTimeOffset _wholeUntil = DateTimeOffset.MinValue;

    /// <summary>Where it begins; null: it was not begun.</summary>
    public LogPlace? From { get; private set; }

    /// <summary>Why that is not where the one before ended; null: it is.</summary>
    public string? Gap { get; private set; }

    /// <summary>Where it has come to.</summary>
    public LogPlace? Reached { get; private set; }

    /// <summary>Called before a part counts, with its number.</summary>
    public Action<int> OnPart { get; set; } = _ => { };

    /// <summary>All that was committed before is there.</summary>
    public DateTimeOffset WholeSince
    {
        get
        {
            lock (_parts)
            {
                return _wholeUntil;
            }
        }
    }

    /// <inheritdoc />
    public int Count
    {
        get
        {
            lock (_parts)
            {
                return _parts.Count;
            }
        }
    }

    /// <summary>The sizes of its parts.</summary>
    public IReadOnlyList<int> Sizes => [.. _parts.Select(part => part.Length)];

    /// <summary>One of its parts.</summary>
    public byte[] this[int number] => _parts[number];

    /// <summary>As the agent gives it to a restore.</summary>
    public StoredLog Stored(string id) => new(id, From!.Document, (Reached ?? From).Document, this);

    /// <summary>Loses a part.</summary>
    public void Lose(int number) => _parts.RemoveAt(number);

    /// <inheritdoc />
    public Task BeginAsync(LogPlace from, string? gap, CancellationToken cancellationToken)
    {
        (From, Gap) = (from, gap);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task WriteAsync(
        LogPlace reached, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var first = new MemoryStream();
        await write(first, cancellationToken);
        using var again = new MemoryStream();
        await write(again, cancellationToken);
        if (!first.ToArray().AsSpan().SequenceEqual(again.ToArray()))
        {
            throw new InvalidOperationException("The second time other bytes were written.");
        }

        OnPart(Count);
        lock (_parts)
        {
            _parts.Add(first.ToArray());
            Reached = reached;
        }
    }

    /// <inheritdoc />
    public void WholeUntil(DateTimeOffset moment, Func<DateTimeOffset?> later)
    {
        lock (_parts)
        {
            _wholeUntil = moment;
        }
    }

    /// <inheritdoc />
    public async Task ReadAsync(int number, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using var part = new MemoryStream(_parts[number]);
        await read(part, cancellationToken);
    }
}
