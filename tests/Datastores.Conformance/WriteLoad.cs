using System.Diagnostics;

namespace Dbaas.Datastores.Conformance;

/// <summary>
/// Ordinary clients that add one row after the other on whoever is their master, as their applications would. What a server acknowledged is
/// remembered; what it did not is not said again.
/// </summary>
public sealed class WriteLoad
{
    private const int FirstRow = 1000;

    /// <summary>Between two rows of a client, and after a refusal: slaves do one transaction after the other, and are to keep up.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<int> _acknowledged = [];
    private readonly DatastoreFixture _fixture;
    private readonly Task[] _clients;
    private volatile TestInstance _master;
    private long _last = Stopwatch.GetTimestamp();
    private int _row = FirstRow;
    private volatile bool _isOver;

    /// <summary>Begins.</summary>
    public WriteLoad(DatastoreFixture fixture, TestInstance master, int clients)
    {
        (_fixture, _master) = (fixture, master);
        _clients = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(WriteAsync))];
    }

    /// <summary>Where they write.</summary>
    public TestInstance Master
    {
        get => _master;
        set => _master = value;
    }

    /// <summary>The longest time in which nobody was told that a row was written, so far.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>How many rows were acknowledged, so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged.Count;
            }
        }
    }

    /// <summary>Ends it.</summary>
    /// <returns>The rows that were acknowledged.</returns>
    public async Task<IReadOnlyList<int>> StopAsync()
    {
        _isOver = true;
        await Task.WhenAll(_clients);
        return _acknowledged;
    }

    private async Task WriteAsync()
    {
        while (!_isOver)
        {
            try
            {
                var master = _master;
                await using var client = await _fixture.ConnectAsync(master, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
                while (!_isOver && _master == master)
                {
                    var row = Interlocked.Increment(ref _row);
                    await client.ExecuteAsync(_fixture.InsertRow(row));
                    Acknowledge(row);
                    await Task.Delay(Pause);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Refused, or cut off.
                await Task.Delay(Pause);
            }
        }
    }

    private void Acknowledge(int row)
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            var gap = Stopwatch.GetElapsedTime(_last, now);
            LongestGap = gap > LongestGap ? gap : LongestGap;
            _last = now;
            _acknowledged.Add(row);
        }
    }
}
