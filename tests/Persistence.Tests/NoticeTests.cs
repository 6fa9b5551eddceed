using System.Text.Json;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Origins;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class NoticeTests(ControlDatabase on)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operation_remembers_the_request_and_the_trace_that_it_is_of()
    {
        using var trace = new System.Diagnostics.Activity("request").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();
        var (operation, request) = (on.Ids.NewId(), $"req-{on.Ids.NewId()}");
        (CurrentOrigin.RequestId, CurrentOrigin.ClientIp) = (request, "192.0.2.7");
        await on.Write(unit => OperationRows.Insert(unit, operation, OperationKinds.Restart, "i", null, 1));
        (CurrentOrigin.RequestId, CurrentOrigin.ClientIp) = (null, null);

        var found = await on.Read(unit => OperationRows.Find(unit, operation));

        Assert.Equal((request, trace.Id, "192.0.2.7"), (found!.RequestId, found.TraceParent, found.ClientIp));
    }

    [Fact]
    public async Task What_others_are_told_is_written_with_the_state_that_it_tells_of_or_not_at_all()
    {
        using var telling = new Database(on.Dialect, on.Secrets, 1, notifies: true);
        var (id, history, taken) = (on.Ids.NewId(), on.Ids.NewId(), on.Ids.NewId());
        await on.Write(unit => InstanceRows.Insert(unit, Make.Instance(id) with { VolumeSize = 5 }));

        CurrentOrigin.RequestId = "req-1";
        await telling.WriteAsync(unit => HistoryRows.Add(unit, Entry(history, id)), Token);
        await telling.WriteIfAsync(
            unit =>
            {
                HistoryRows.Add(unit, Entry(taken, id));
                return false;
            },
            wanted => wanted,
            Token);

        var waiting = await on.Read(unit => NoticeRows.Oldest(unit, 1000));
        var notice = Assert.Single(waiting, notice => notice.InstanceId == id);
        Assert.Equal(("dbaas.instance_restart.end", 5, "req-1"), (notice.Event, notice.VolumeSize, notice.RequestId));
        await on.Write(unit => NoticeRows.Remove(unit, [history]));
        Assert.DoesNotContain(await on.Read(unit => NoticeRows.Oldest(unit, 1000)), left => left.InstanceId == id);
    }

    [Fact]
    public async Task The_beginning_of_a_resize_says_for_whom_and_to_what_and_its_end_says_what_came_of_it()
    {
        using var telling = new Database(on.Dialect, on.Secrets, 1, notifies: true);
        var (id, operation, begun, ended) = (on.Ids.NewId(), on.Ids.NewId(), on.Ids.NewId(), on.Ids.NewId());
        var goal = JsonSerializer.Serialize(new ResizeVolumeGoal(9), JsonSerializerOptions.Web);
        await on.Write(unit => InstanceRows.Insert(unit, Make.Instance(id) with { VolumeSize = 5 }));
        CurrentOrigin.ClientIp = "192.0.2.7";

        await telling.WriteAsync(
            unit =>
            {
                OperationRows.Insert(unit, operation, OperationKinds.ResizeVolume, id, goal, 1);
                HistoryRows.Add(unit, HistoryEntry.Started(begun, id, OperationKinds.ResizeVolume, operation, 1));
            },
            Token);
        await telling.WriteAsync(
            unit => HistoryRows.Add(
                unit, Entry(ended, id) with { Event = OperationKinds.ResizeVolume, OperationId = operation }),
            Token);

        var told = (await on.Read(unit => NoticeRows.Oldest(unit, 1000))).Where(notice => notice.InstanceId == id)
            .Select(notice => (notice.Event, notice.ClientIp, notice.Wanted));
        Assert.Equal(
            [
                ("dbaas.instance_resize_volume.start", "192.0.2.7", """{"new_size":9}"""),
                ("dbaas.instance_resize_volume.end", "192.0.2.7", null),
            ],
            told);
        await on.Write(unit => NoticeRows.Remove(unit, [begun, ended]));
    }

    [Fact]
    public async Task Where_nobody_is_told_there_are_no_rows()
    {
        var id = on.Ids.NewId();
        await on.Write(unit => InstanceRows.Insert(unit, Make.Instance(id)));

        await on.Write(unit => HistoryRows.Add(unit, Entry(on.Ids.NewId(), id)));

        Assert.DoesNotContain(await on.Read(unit => NoticeRows.Oldest(unit, 1000)), notice => notice.InstanceId == id);
    }

    [Fact]
    public async Task The_oldest_are_in_excess_when_there_are_too_many()
    {
        using var telling = new Database(on.Dialect, on.Secrets, 1, notifies: true);
        var id = on.Ids.NewId();
        await on.Write(unit => InstanceRows.Insert(unit, Make.Instance(id)));
        string[] all = [on.Ids.NewId(), on.Ids.NewId(), on.Ids.NewId()];
        foreach (var history in all)
        {
            await telling.WriteAsync(unit => HistoryRows.Add(unit, Entry(history, id)), Token);
        }

        var waiting = (await on.Read(unit => NoticeRows.Oldest(unit, 1000))).Count;

        Assert.Empty(await on.Read(unit => NoticeRows.Excess(unit, waiting, 10)));
        Assert.Equal(2, (await on.Read(unit => NoticeRows.Excess(unit, waiting - 2, 10))).Count);
        Assert.Single(await on.Read(unit => NoticeRows.Excess(unit, waiting - 2, 1)));
        await on.Write(unit => NoticeRows.Remove(unit, all));
    }

    private static HistoryEntry Entry(string id, string instance) => new()
    {
        Id = id, InstanceId = instance, At = 1, OperationId = "o", Event = OperationKinds.Restart, Outcome = "succeeded",
    };
}

public sealed class NoticeTestsOnSqlite(SqliteControlDatabase on) : NoticeTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class NoticeTestsOnMariaDb(MariaDbControlDatabase on) : NoticeTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class NoticeTestsOnMySql(MySqlControlDatabase on) : NoticeTests(on), IClassFixture<MySqlControlDatabase>;
