using Dbaas.Datastores.Contract;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>
/// A random history: clients write all the time; full backups, others that follow on any of those that are there, and deletions. Whatever
/// chain is left restores to exactly what the clients had done at one moment while its last backup was made.
/// </summary>
[Needs("backups", "accounts")]
public abstract class BackupHistoryCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const int Writers = 2;
    private const int Backups = 7;
    private const int Restores = 3;

    [Fact]
    public async Task Every_backup_of_a_random_history_restores_to_exactly_the_rows_of_its_moment()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        var source = await fixture.SourceAsync();
        using var enough = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(number => new Writer(number)).ToList();
        var writing = Task.WhenAll(writers.Select(writer => Task.Run(
            async () =>
            {
                await using var client = await fixture.ConnectAsync(source, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
                await writer.WriteAsync(client, fixture, enough.Token);
            },
            CancellationToken.None)));

        var alive = new List<Made>();
        for (var i = 0; i < Backups; i++)
        {
            var parent = alive.Count == 0 || random.Next(4) == 0 ? null : alive[random.Next(alive.Count)];
            var low = writers.Select(writer => writer.Done).ToList();
            var taken = await source.TakeAsync(parent?.Taken);
            alive.Add(new Made(taken, parent, low, [.. writers.Select(writer => writer.Begun)]));
            Note($"{i}: {(parent is null ? "full" : $"after {parent.Taken.Id[^4..]}")} {taken.Id[^4..]}, {taken.Objects.Size} bytes");
            if (random.Next(5) == 0 && alive.Count > Restores)
            {
                var gone = alive[random.Next(alive.Count)];
                Note($"{gone.Taken.Id[^4..]} goes, and {alive.RemoveAll(one => one.Chain.Contains(gone)) - 1} that follow on it.");
            }
        }

        await enough.CancelAsync();
        await writing;
        foreach (var made in alive.OrderBy(_ => random.Next()).Take(Restores))
        {
            var restored = await fixture.RestoreAsync([.. made.Chain.Select(one => one.Taken)]);
            var rows = await fixture.ReadAsync(restored);
            foreach (var writer in writers)
            {
                writer.Check(rows, made.Low[writer.Number], made.High[writer.Number]);
            }

            await restored.Supervisor.StopAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }

    private static void Note(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <param name="Taken">The backup.</param>
    /// <param name="Parent">What it follows on.</param>
    /// <param name="Low">What each client had done before it began.</param>
    /// <param name="High">What each had begun when it ended.</param>
    private sealed record Made(Taken Taken, Made? Parent, IReadOnlyList<int> Low, IReadOnlyList<int> High)
    {
        public IReadOnlyList<Made> Chain => Parent is null ? [this] : [.. Parent.Chain, this];
    }

    /// <summary>Adds one row and takes away an old one at a time, both or neither: how far it came shows in its rows.</summary>
    private sealed class Writer(int number)
    {
        private const int Kept = 20;
        private const int Apart = 1_000_000;

        private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

        private volatile int done;
        private volatile int begun;

        public int Number => number;

        public int Done => done;

        public int Begun => begun;

        private int First => (number + 1) * Apart;

        public async Task WriteAsync(ITestClient client, DatastoreFixture fixture, CancellationToken enough)
        {
            using var pace = new PeriodicTimer(Pace);
            while (!enough.IsCancellationRequested)
            {
                begun++;
                await client.ExecuteAsync(fixture.Words.Begin);
                await client.ExecuteAsync(fixture.InsertRow(First + begun));
                await client.ExecuteAsync(fixture.DeleteRow(First + begun - Kept));
                await client.ExecuteAsync(fixture.Words.Commit);
                done++;
                await pace.WaitForNextTickAsync(CancellationToken.None);
            }
        }

        public void Check(IReadOnlyList<int> rows, int low, int high)
        {
            var mine = rows.Where(row => row / Apart == number + 1).Select(row => row - First).ToList();
            var last = mine.Count == 0 ? 0 : mine[^1];
            Assert.Equal(Enumerable.Range(Math.Max(1, last - Kept + 1), Math.Min(last, Kept)), mine);
            Assert.InRange(last, low, high);
        }
    }
}
