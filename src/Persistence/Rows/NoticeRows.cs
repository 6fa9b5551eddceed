using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Notices;

namespace Dbaas.Persistence.Rows;

/// <summary>What other services are to be told, until the broker has it.</summary>
public static class NoticeRows
{
    private const string Hour = "told_hour";

    private const string OfInstance = """
        tenant_id, name, created, datastore_version_id, flavor_id, memory_mb, volume_size, availability_zone, slave_of_id, lifecycle
        """;

    private const string Columns = $"id, event, at, instance_id, operation_id, request_id, client_ip, wanted, detail, {OfInstance}";

    /// <summary>Adds what a line of history is to others, with the instance as it is now; nothing where nobody is told.</summary>
    public static void AddFor(IUnit unit, HistoryEntry entry)
    {
        if (!unit.Notifies || NoticeEvents.Of(entry) is not { } @event)
        {
            return;
        }

        var notice = unit.First<Notice>($"SELECT {OfInstance} FROM instances WHERE id = @InstanceId", entry);
        if (notice is null)
        {
            return;
        }

        unit.Execute(
            $"""
            INSERT INTO notices ({Columns}) VALUES (@Id, @Event, @At, @InstanceId, @OperationId, @RequestId, @ClientIp, @Wanted, @Detail,
              @TenantId, @Name, @Created, @DatastoreVersionId, @FlavorId, @MemoryMb, @VolumeSize, @AvailabilityZone, @SlaveOfId,
              @Lifecycle)
            {unit.Dialect.UnlessExists("id")}
            """,
            notice with
            {
                Id = entry.Id,
                Event = @event,
                At = entry.At,
                InstanceId = entry.InstanceId,
                OperationId = entry.OperationId,
                RequestId = unit.Origin.RequestId,
                ClientIp = unit.Origin.ClientIp,
                Wanted = NoticeWishes.Has(@event) && OperationRows.Find(unit, entry.OperationId!) is { } operation
                    ? NoticeWishes.Of(operation)
                    : null,
                Detail = entry.Detail is { Length: > 2000 } detail ? detail[..2000] : entry.Detail,
            });
    }

    /// <summary>Instances that are there, in order of their ids: what is told of their use.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="after">The last one that was told of; empty: none.</param>
    /// <param name="limit">No more than so many.</param>
    public static IReadOnlyList<Notice> Instances(IUnit unit, string after, int limit) =>
        unit.Query<Notice>(
            $"SELECT id AS instance_id, {OfInstance} FROM instances WHERE id > @after AND deleted = 0 AND tenant_id <> @hidden "
                + "ORDER BY id LIMIT @limit",
            new { after, hidden = Verifier.Project, limit });

    /// <summary>The last hour whose use was told of, in hours since 1970. Where none was, all before this one count as told.</summary>
    public static long LastHour(IUnit unit, long present)
    {
        unit.Execute(
            $"INSERT INTO counters (name, value) VALUES ('{Hour}', @last) {unit.Dialect.UnlessExists("name")}", new { last = present - 1 });
        return unit.First<long>($"SELECT value FROM counters WHERE name = '{Hour}'");
    }

    /// <summary>The use of an hour was told of.</summary>
    public static void SetLastHour(IUnit unit, long hour) =>
        unit.Execute($"UPDATE counters SET value = @hour WHERE name = '{Hour}' AND value < @hour", new { hour });

    /// <summary>Those that wait, oldest first.</summary>
    public static IReadOnlyList<Notice> Oldest(IUnit unit, int limit) =>
        unit.Query<Notice>($"SELECT {Columns} FROM notices ORDER BY id LIMIT @limit", new { limit });

    /// <summary>The broker has them.</summary>
    public static void Remove(IUnit unit, IReadOnlyCollection<string> ids)
    {
        if (ids.Count > 0)
        {
            unit.Execute("DELETE FROM notices WHERE id IN @ids", new { ids });
        }
    }

    /// <summary>The oldest of those that are more than <paramref name="most"/>.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="most">How many may wait.</param>
    /// <param name="limit">No more than so many at once.</param>
    public static IReadOnlyList<string> Excess(IUnit unit, int most, int limit)
    {
        var excess = unit.First<long>("SELECT COUNT(*) FROM notices") - most;
        return excess <= 0 ? [] : unit.Query<string>(
            "SELECT id FROM notices ORDER BY id LIMIT @limit", new { limit = Math.Min(excess, limit) });
    }
}
