using System.Collections.Concurrent;
using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>
/// A random history: clients write all the time, backups are taken, the archive ends and goes on, the server is stopped and killed. To
/// whichever moment it is restored, each client has exactly what it had committed by then.
/// </summary>
[Needs("backups", "accounts", "log-archive")]
public abstract class LogHistoryCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const int Writers = 3;
    private const int Turns = 5;
    private const int Restores = 3;

    // Engines know seconds, and the beginning of the statement that committed.
    private static readonly TimeSpan Blur = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan TurnLength = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_random_history_comes_back_as_it_was_at_each_moment()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        var source = await fixture.NewMasterAsync(BinaryLogMode.Always);
        var writers = Enumerable.Range(1, Writers).Select(number => new Writer(number)).ToList();
        var (logs, backups) = (new List<DirectLog>(), new List<(Taken Taken, int Log, DateTimeOffset Ended)>());
        for (var turn = 0; turn < Turns; turn++)
        {
            await using var archive = await RunningArchive.BeginAsync(
                source, logs.LastOrDefault(), mostBytes: 1 << random.Next(12, 18));
            logs.Add(archive.Log);
            using var enough = new CancellationTokenSource();
            var writing = writers.Select(writer => writer.WriteAsync(source, fixture, enough.Token)).ToList();
            if (turn == 0 || random.Next(3) == 0)
            {
                var taken = await source.TakeAsync();
                backups.Add((taken, turn, TimeProvider.System.GetUtcNow()));
            }

            await PassAsync(TurnLength);
            await enough.CancelAsync();
            await Task.WhenAll(writing);
            if (random.Next(2) == 0)
            {
                await archive.CatchUpAsync();
            }

            await archive.DisposeAsync();
            if (random.Next(2) == 0)
            {
                source.Supervisor.Kill();
            }

            await source.Server.RestartAsync(() => { }, CancellationToken.None);
        }

        await using (var last = await RunningArchive.BeginAsync(source, logs[^1]))
        {
            await last.CatchUpAsync();
            logs.Add(last.Log);
        }

        Assert.All(logs, log => Assert.Null(log.Gap));
        var (first, end) = (backups[0].Ended, TimeProvider.System.GetUtcNow());
        for (var i = 0; i < Restores; i++)
        {
            var moment = first + (random.NextDouble() * (end - first));
            var backup = backups.Last(one => one.Ended <= moment);
            var (restored, reached) = await fixture.RestoreAsync(
                [backup.Taken], [.. logs.Skip(backup.Log)], new RestoreTarget(moment, null));

            Assert.True(reached.Committed is null || reached.Committed <= moment, $"{reached.Committed:O}, {moment:O}");
            var rows = await fixture.ReadAsync(restored);
            writers.ForEach(writer => writer.Check(rows, moment));
            await restored.Supervisor.StopAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }

    private static async Task PassAsync(TimeSpan time)
    {
        var end = TimeProvider.System.GetUtcNow() + time;
        await Eventually.HoldsAsync("time passes", time * 5, () => TimeProvider.System.GetUtcNow() >= end);
    }

    /// <summary>Adds one row at a time, and remembers when.</summary>
    private sealed class Writer(int number)
    {
        private const int Apart = 1_000_000;

        private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

        private readonly ConcurrentQueue<(DateTimeOffset Begun, DateTimeOffset Done)> rows = new();

        public async Task WriteAsync(TestInstance source, DatastoreFixture fixture, CancellationToken enough)
        {
            await using var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
            using var pace = new PeriodicTimer(Pace);
            while (!enough.IsCancellationRequested)
            {
                var begun = TimeProvider.System.GetUtcNow();
                await client.ExecuteAsync(fixture.InsertRow((number * Apart) + rows.Count));
                rows.Enqueue((begun, TimeProvider.System.GetUtcNow()));
                await pace.WaitForNextTickAsync(CancellationToken.None);
            }
        }

        public void Check(IReadOnlyList<int> found, DateTimeOffset moment)
        {
            var mine = found.Where(row => row / Apart == number).Select(row => row % Apart).ToList();

            Assert.Equal(Enumerable.Range(0, mine.Count), mine);
            Assert.InRange(
                mine.Count, rows.Count(row => row.Done <= moment - Blur), rows.Count(row => row.Begun <= moment + Blur));
        }
    }
}
