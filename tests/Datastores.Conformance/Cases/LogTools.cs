using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.Testing;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>An archive of a server's log that is being written.</summary>
public sealed class RunningArchive : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;
    private bool _isOver;

    private RunningArchive(TestInstance source, OpaqueDocument? after, DirectLog log, int mostBytes)
    {
        Log = log;
        _work = source.Datastore.LogArchive!.ArchiveAsync(
            new ArchiveRequest(after, mostBytes, Often, TimeSpan.FromHours(1), TimeSpan.FromDays(1)), log, _end.Token);
    }

    /// <summary>What is there of it.</summary>
    public DirectLog Log { get; }

    /// <summary>Begins one.</summary>
    public static async Task<RunningArchive> BeginAsync(
        TestInstance source, DirectLog? after = null, DirectLog? log = null, int mostBytes = 1 << 20)
    {
        var archive = new RunningArchive(source, (after?.Reached ?? after?.From)?.Document, log ?? new DirectLog(), mostBytes);
        await Eventually.HoldsAsync("the archive begins", Soon, () => archive.Log.From is not null || archive._work.IsCompleted);
        if (archive.Log.From is null)
        {
            await archive._work;
        }

        return archive;
    }

    /// <summary>Waits until everything is there that was committed by now.</summary>
    public async Task CatchUpAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Eventually.HoldsAsync("all of it is archived", Soon, () => Log.WholeSince > now || _work.IsCompleted);
        if (_work.IsCompleted)
        {
            await _work;
        }
    }

    /// <summary>Its end, as it ended by itself.</summary>
    public Task EndsAsync() => _work;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        await _end.CancelAsync();
        try
        {
            await _work;
        }
        catch (Exception e) when (e is OperationCanceledException or DatastoreException)
        {
            // That is how it ends.
        }

        _end.Dispose();
    }
}

/// <summary>Servers made as they were at a moment.</summary>
public static class LogTools
{
    /// <summary>Makes the data, twice as it may be asked for, and starts the server.</summary>
    public static async Task<(TestInstance Server, ReachedMoment Reached)> RestoreAsync(
        this DatastoreFixture fixture, IReadOnlyList<Taken> chain, IReadOnlyList<DirectLog> logs, RestoreTarget target)
    {
        var server = await fixture.PreparedAsync();
        var archive = server.Datastore.LogArchive!;
        StoredLog[] stored = [.. logs.Select((log, number) => log.Stored($"log {number}"))];
        var reached = await archive.RestoreAsync(BackupTools.Stored(chain), stored, target, CancellationToken.None);
        var again = await archive.RestoreAsync(BackupTools.Stored(chain), stored, target, CancellationToken.None);
        if (reached != again)
        {
            throw new InvalidOperationException($"{reached} became {again}.");
        }

        await server.Server.StartAsync(CancellationToken.None);
        return (server, reached);
    }

    /// <summary>The files of its log, in order.</summary>
    public static IReadOnlyList<string> LogFilesOf(this DatastoreFixture fixture, TestInstance source) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(source.Host.VolumePath, fixture.LogFolders[0]))
            .Where(path => char.IsAsciiDigit(path[^1]))
            .OrderBy(path => path.Length)
            .ThenBy(path => path, StringComparer.Ordinal),
    ];

    /// <summary>Engines know seconds. The end of the present one.</summary>
    public static async Task<DateTimeOffset> NextSecondAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Eventually.HoldsAsync(
            "the second is over",
            TimeSpan.FromSeconds(5),
            () => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() > now.ToUnixTimeSeconds());
        return DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).AddMilliseconds(999);
    }
}
