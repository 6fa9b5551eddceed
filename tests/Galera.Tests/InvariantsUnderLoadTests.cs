using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Quotas;
using Dbaas.Galera.Tests.Support;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Effects;
using Dbaas.Testing;

namespace Dbaas.Galera.Tests;

/// <summary>
/// The real endpoints, runner and workflows over all three nodes of a real cluster, with a cloud and guests in memory: users on random
/// nodes ask for what gets in each other's way, while nodes, task managers and cables fail. When it is over, everything that must hold
/// holds.
/// </summary>
public sealed class InvariantsUnderLoadTests(Cluster cluster, ITestOutputHelper output)
{
    private const int Users = 8;
    private const int MostInstances = 30;
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly ConcurrentDictionary<string, int> happened = new();
    private readonly ConcurrentDictionary<string, bool> backups = new();
    private readonly ConcurrentQueue<string> wrong = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_fails_no_update_is_lost_and_nothing_is_done_twice()
    {
        var seed = Environment.GetEnvironmentVariable("DBAAS_SEED") is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        using var retries = RetriesSeen.Of(null);
        using var database = await cluster.OpenNewAsync("under_load", 0, 1, 2);
        using var world = await World.OverAsync(database, TimeProvider.System.GetUtcNow());
        var doors = new List<Database>();
        var apis = new List<ControlApi>();
        var workers = new List<TaskManagerProcess>();
        using var over = new CancellationTokenSource();
        using var atRest = new CancellationTokenSource();
        try
        {
            for (var node = 0; node < 3; node++)
            {
                doors.Add(cluster.Open("under_load", node, (node + 1) % 3, (node + 2) % 3));
                apis.Add(new ControlApi(world, doors[node], MostInstances));
                workers.Add(NewWorker(world, node));
            }

            var counted = await CountedAsync(doors[0]);
            var time = KeepTimeAsync(world, atRest.Token);
            var guests = LetGuestsLiveAsync(world, atRest.Token);
            var users = Enumerable.Range(0, Users).Select(user => UseAsync(new Random(seed + user), apis, doors, over.Token)).ToArray();
            var writers = doors.Select(door => CountAsync(door, counted, over.Token)).ToArray();
            var watch = WatchQuotaAsync(doors[2], over.Token);

            await DisturbAsync(new Random(seed + Users), world, workers);
            await over.CancelAsync();
            await Task.WhenAll([.. users, watch]).WaitAsync(Patience, Token);
            var accepted = (await Task.WhenAll(writers).WaitAsync(Patience, Token)).Sum();

            await RestAsync(database, time, guests);
            output.WriteLine(string.Join(", ", happened.OrderBy(one => one.Key).Select(one => $"{one.Key}: {one.Value}")));
            output.WriteLine($"units that ran again: {retries.Count}; counted updates: {accepted}");

            Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
            Assert.Empty(workers.SelectMany(worker => worker.Failures));
            Assert.Equal(
                accepted, (await database.ReadAsync(unit => InstanceRows.Find(unit, counted), Token))!.Version);
            await database.WriteAsync(unit => unit.Execute("DELETE FROM instances WHERE id = @counted", new { counted }), Token);
            await Invariants.CheckAsync(world);
            foreach (var what in new[]
            {
                "create", "create slave", "delete", "detach", "back up", "delete backup", "refused", "database killed", "database cut off",
                "worker killed", "worker stopped",
            })
            {
                Assert.True(happened.GetValueOrDefault(what) > 0, $"'{what}' never happened.");
            }

            Assert.True(retries.Count > 0, "No unit ran again: nobody got in anybody's way.");
        }
        finally
        {
            await atRest.CancelAsync();
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }

            apis.ForEach(api => api.Dispose());
            doors.ForEach(door => door.Dispose());
        }
    }

    private TaskManagerProcess NewWorker(World world, int node) =>
        new(world, cluster.Open("under_load", node, (node + 1) % 3, (node + 2) % 3), Lease);

    private static async Task KeepTimeAsync(World world, CancellationToken cancellationToken)
    {
        var last = Stopwatch.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(10, CancellationToken.None);
            var now = Stopwatch.GetTimestamp();
            world.Clock.Advance(Stopwatch.GetElapsedTime(last, now));
            last = now;
        }
    }

    private async Task LetGuestsLiveAsync(World world, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!await world.LetGuestsActAsync(new Undisturbed()))
                {
                    await world.LetGuestsReportAsync();
                    await Task.Delay(100, CancellationToken.None);
                }

                await world.LookAfterAsync();
            }
            catch (DatabaseAwayException)
            {
                // They come again.
            }
            catch (Exception e)
            {
                // For example: a guest was told by somebody whose time was over.
                wrong.Enqueue(e.ToString());
                return;
            }
        }
    }

    private async Task UseAsync(Random random, List<ControlApi> apis, List<Database> doors, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var (api, door) = (apis[random.Next(3)], doors[random.Next(3)]);
            try
            {
                await AskAsync(random, api, door);
            }
            catch (RefusedException)
            {
                Count("refused");
            }
            catch (DatabaseAwayException)
            {
                Count("away");
            }
            catch (Exception e)
            {
                wrong.Enqueue(e.ToString());
            }
        }
    }

    private async Task AskAsync(Random random, ControlApi api, Database door)
    {
        var (ids, slaves) = await door.ReadAsync(
            unit => (
                unit.Query<string>("SELECT id FROM instances WHERE deleted = 0 AND tenant_id = @p", new { p = ControlApi.Project }),
                unit.Query<string>("SELECT id FROM instances WHERE deleted = 0 AND slave_of_id IS NOT NULL")),
            Token);
        var one = ids.Count == 0 ? null : ids[random.Next(ids.Count)];
        var name = $"n{Guid.CreateVersion7():N}";
        switch (random.Next(12))
        {
            case < 3:
                await BeReadAsync(await api.CreateAsync(name), door);
                Count("create");
                break;
            case < 6 when one is not null:
                await BeReadAsync(await api.CreateSlaveAsync(name, one), door);
                Count("create slave");
                break;
            case < 9 when one is not null:
                await api.DeleteAsync(one);
                Count("delete");
                break;
            case 9 when slaves.Count > 0:
                await api.DetachAsync(slaves[random.Next(slaves.Count)]);
                Count("detach");
                break;
            case 10 when one is not null:
                backups[await api.BackUpAsync(name, one)] = true;
                Count("back up");
                break;
            case 11 when backups.Keys.FirstOrDefault() is { } backup:
                await api.DeleteBackupAsync(backup);
                backups.TryRemove(backup, out _);
                Count("delete backup");
                break;
        }
    }

    // What was accepted on one node is there on any other at once.
    private async Task BeReadAsync(string id, Database other)
    {
        if (await other.ReadAsync(unit => InstanceRows.Find(unit, id), Token) is null)
        {
            wrong.Enqueue($"{id} was accepted, and was not there for another node.");
        }
    }

    private static async Task<string> CountedAsync(Database door)
    {
        var id = Guid.CreateVersion7().ToString();
        await door.WriteAsync(
            unit => InstanceRows.Insert(
                unit,
                new Instance
                {
                    Id = id, TenantId = "nobody", Name = "counted", DatastoreVersionId = ControlApi.VersionId, FlavorId = "1",
                    Lifecycle = Lifecycle.Ready, Port = 3306,
                }),
            Token);
        return id;
    }

    /// <returns>How many updates were accepted.</returns>
    private static async Task<int> CountAsync(Database door, string id, CancellationToken cancellationToken)
    {
        var accepted = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            // It is tried until it is accepted: what is asked for once counts once.
            await door.WriteAsync(unit => InstanceChanges.Touch(unit, id, now: 1), Token);
            accepted++;
            await Task.Delay(20, CancellationToken.None);
        }

        return accepted;
    }

    private async Task WatchQuotaAsync(Database door, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var over = await door.ReadAsync(
                    unit => QuotaRows.Of(unit, ControlApi.Project).Where(
                        quota => quota.Resource == QuotaResources.Instances && quota.InUse + quota.Reserved > MostInstances).ToList(),
                    Token);
                over.ForEach(quota => wrong.Enqueue($"The quota was exceeded: {quota}"));
            }
            catch (DatabaseAwayException)
            {
                // It looks again.
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    private async Task DisturbAsync(Random random, World world, List<TaskManagerProcess> workers)
    {
        var watch = Stopwatch.StartNew();
        for (var round = random.Next(4); watch.Elapsed < Load; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + 2 * random.NextDouble()));
            var index = random.Next(3);
            switch (round % 4)
            {
                case 0:
                    await cluster.Nodes[index].KillAsync();
                    await cluster.Nodes[index].StartAgainAsync();
                    Count("database killed");
                    break;
                case 1:
                    await cluster.Nodes[index].CutOffAsync();
                    await Task.Delay(TimeSpan.FromSeconds(6));
                    await cluster.Nodes[index].ConnectAsync();
                    await cluster.Galera.BeWholeAsync();
                    Count("database cut off");
                    break;
                case 2:
                    workers[index].Life.Kill();
                    workers.Add(NewWorker(world, index));
                    (workers[index], workers[^1]) = (workers[^1], workers[index]);
                    Count("worker killed");
                    break;
                default:
                    workers[index].Life.Freeze();
                    await Task.Delay(Lease * 1.6);
                    workers[index].Life.Thaw();
                    Count("worker stopped");
                    break;
            }
        }
    }

    // No operation is under way, and what has a date has been done.
    private async Task RestAsync(Database database, Task time, Task guests) => await Eventually.SeeAsync(
        "no operation under way, and no master to be demoted",
        Patience,
        async () =>
        {
            // What is wrong, or stands still, does not get better by waiting.
            Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
            Assert.False(time.IsCompleted || guests.IsCompleted, "Time or the guests stand still.");
            await database.WriteAsync(unit => unit.Execute("UPDATE instances SET demote_at = 1 WHERE demote_at > 1"), Token);
            return string.Join(", ", await database.ReadAsync(
                unit => unit.Query<string>(
                    """
                    SELECT CONCAT(kind, ' ', id, ' at ', step_name, ' ', status) FROM operations WHERE status IN ('Running', 'Undoing')
                    UNION ALL
                    SELECT CONCAT('to demote: ', id) FROM instances WHERE demote_at IS NOT NULL AND slave_count = 0 AND deleted = 0
                    """),
                Token));
        },
        left => left.Length == 0);

    private void Count(string what) => happened.AddOrUpdate(what, 1, (_, before) => before + 1);
}
