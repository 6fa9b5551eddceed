using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.MySql.Tests.Replication;

/// <summary>One run for several readers.</summary>
public sealed class SharedRunsTests
{
    private static readonly SlaveGroup Three = new("group", 3);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private static readonly byte[] Word = "word"u8.ToArray();

    private int runs;

    [Fact]
    public async Task Readers_of_a_group_get_the_same_from_one_run()
    {
        var shared = new SharedRuns(TimeProvider.System, Long, Long);
        MemoryStream[] readers = [new(), new(), new()];

        await Task.WhenAll(readers.Select(reader => shared.ReadAsync(Three, reader, WriteAsync, CancellationToken.None)));

        Assert.Equal(1, runs);
        Assert.All(readers, reader => Assert.Equal([.. Word, .. Word], reader.ToArray()));
    }

    [Fact]
    public async Task Who_does_not_come_in_time_gets_a_run_of_its_own_and_waits_for_nobody()
    {
        var shared = new SharedRuns(TimeProvider.System, Short, Long);
        MemoryStream[] readers = [new(), new()];
        await Task.WhenAll(readers.Select(reader => shared.ReadAsync(Three, reader, WriteAsync, CancellationToken.None)));
        Assert.Equal(1, runs);
        using var late = new MemoryStream();

        await shared.ReadAsync(Three, late, WriteAsync, CancellationToken.None);

        Assert.Equal(2, runs);
        Assert.Equal([.. Word, .. Word], late.ToArray());
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_or_goes_away_leaves_the_others_alone()
    {
        var shared = new SharedRuns(TimeProvider.System, Long, Short);
        using var good = new MemoryStream();
        using var gone = new CancellationTokenSource();
        var slow = shared.ReadAsync(Three, new Stuck(), WriteAsync, CancellationToken.None);
        var cut = shared.ReadAsync(Three, new Stuck(gone.Cancel), WriteAsync, gone.Token);

        await shared.ReadAsync(Three, good, WriteAsync, CancellationToken.None);

        Assert.Equal([.. Word, .. Word], good.ToArray());
        Assert.Equal(FaultKind.Transient, (await Assert.ThrowsAsync<DatastoreException>(() => slow)).Kind);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cut);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_run_that_fails_is_told_to_all_and_one_that_nobody_reads_any_more_is_ended()
    {
        var shared = new SharedRuns(TimeProvider.System, Long, Long);
        foreach (var reader in Enumerable.Range(0, 3).Select(_ => shared.ReadAsync(
            Three, new MemoryStream(), (_, _) => throw new CopyFailedException("It failed", "why"), CancellationToken.None)).ToList())
        {
            await Assert.ThrowsAsync<CopyFailedException>(() => reader);
        }

        using var gone = new CancellationTokenSource();
        var ended = new TaskCompletionSource();
        var alone = shared.ReadAsync(
            Three with { Id = "alone", Size = 1 },
            new MemoryStream(),
            async (_, token) =>
            {
                await using var end = token.Register(() => ended.TrySetResult());
                await gone.CancelAsync();
                await ended.Task;
                token.ThrowIfCancellationRequested();
            },
            gone.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);
        await ended.Task.WaitAsync(Long, TestContext.Current.CancellationToken);
    }

    private async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        runs++;
        await output.WriteAsync(Word, cancellationToken);
        await output.WriteAsync(Word, cancellationToken);
    }

    /// <summary>Takes nothing until it is given up.</summary>
    private sealed class Stuck(Action? begun = null) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            begun?.Invoke();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
