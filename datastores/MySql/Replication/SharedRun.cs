using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// One run that several read. The slowest has its pace; one that takes nothing for too long, or is cut off, leaves it and starts over by
/// itself.
/// </summary>
internal sealed class SharedRun(TimeProvider time, TimeSpan readerPatience)
{
    private readonly Lock _gate = new();
    private readonly List<Reader> _readers = [];
    private readonly TaskCompletionSource _gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many read it.</summary>
    public int Readers => Snapshot().Length;

    /// <summary>Nobody else is waited for.</summary>
    public Task Gathered => _gathered.Task;

    public void AllAreThere() => _gathered.TrySetResult();

    /// <summary>Another reader, before it begins.</summary>
    public Reader Join(Stream output, CancellationToken cancellationToken)
    {
        var reader = new Reader(output, cancellationToken);
        lock (_gate)
        {
            _readers.Add(reader);
        }

        return reader;
    }

    /// <summary>It is gone. Without readers nothing is written.</summary>
    public void Leave(Reader reader) => Drop(reader, new OperationCanceledException(reader.Token));

    /// <summary>Never throws: what fails is told to the readers.</summary>
    public async Task GoAsync(Func<Stream, CancellationToken, Task> write)
    {
        if (Readers == 0)
        {
            return;
        }

        Exception? fault = null;
        using var end = new CancellationTokenSource();
        try
        {
            var writing = write(new TeeStream(WriteAsync), end.Token);
            if (await Task.WhenAny(writing, _abandoned.Task) != writing)
            {
                await end.CancelAsync();
            }

            await writing;
        }
        catch (Exception e)
        {
            fault = e;
        }

        foreach (var reader in Snapshot())
        {
            reader.End(fault);
        }
    }

    private Reader[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _readers];
        }
    }

    private Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        Task.WhenAll(Snapshot().Select(reader => WriteAsync(reader, bytes, cancellationToken)));

    private async Task WriteAsync(Reader reader, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(readerPatience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(reader.Token, late.Token, cancellationToken);
        try
        {
            await reader.Output.WriteAsync(bytes, end.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Drop(reader, late.IsCancellationRequested
                ? Faults.Transient("The slave did not take its data for too long, while others waited for it.")
                : e);
        }
    }

    private void Drop(Reader reader, Exception why)
    {
        bool isLast;
        lock (_gate)
        {
            isLast = _readers.Remove(reader) && _readers.Count == 0;
        }

        reader.End(why);
        if (isLast)
        {
            _abandoned.TrySetResult();
        }
    }

    /// <summary>Who reads it.</summary>
    internal sealed class Reader(Stream output, CancellationToken token)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Stream Output => output;

        public CancellationToken Token => token;

        /// <summary>It has everything; or it does not, and why.</summary>
        public Task Done => _done.Task;

        public void End(Exception? why)
        {
            if (why is null)
            {
                _done.TrySetResult();
            }
            else
            {
                _done.TrySetException(why);
            }
        }
    }
}
