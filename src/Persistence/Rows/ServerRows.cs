using Dbaas.Domain.Instances;

namespace Dbaas.Persistence.Rows;

/// <summary>What was last seen of instances' servers.</summary>
public static class ServerRows
{
    private const string Columns = "instance_id, server_id, host, state, detail, build, seen, missing_since";

    /// <summary>What is known of one; null: nothing.</summary>
    public static ServerFacts? Find(IUnit unit, string instanceId) =>
        unit.First<ServerFacts>($"SELECT {Columns} FROM servers WHERE instance_id = @instanceId", new { instanceId });

    /// <summary>It was seen like this.</summary>
    public static void Save(IUnit unit, ServerFacts seen)
    {
        unit.Execute(
            $"""
            INSERT INTO servers ({Columns}) VALUES (@InstanceId, @ServerId, @Host, @State, @Detail, @Build, @Seen, NULL)
            {unit.Dialect.UnlessExists("instance_id")}
            """,
            seen);
        unit.Execute(
            """
            UPDATE servers SET server_id = @ServerId, host = @Host, state = @State, detail = @Detail, build = @Build, seen = @Seen,
              missing_since = NULL
            WHERE instance_id = @InstanceId AND seen <= @Seen
            """,
            seen);
    }

    /// <summary>The plane says that there is no such server. The first time of several counts.</summary>
    public static void SetMissing(IUnit unit, string instanceId, long now)
    {
        unit.Execute(
            $"""
            INSERT INTO servers ({Columns}) VALUES (@instanceId, '', NULL, '', NULL, 1, @now, NULL)
            {unit.Dialect.UnlessExists("instance_id")}
            """,
            new { instanceId, now });
        unit.Execute(
            "UPDATE servers SET missing_since = @now WHERE instance_id = @instanceId AND missing_since IS NULL", new { instanceId, now });
    }

    /// <summary>What is known of several, by instance.</summary>
    public static IReadOnlyDictionary<string, ServerFacts> Find(IUnit unit, IReadOnlyCollection<string> instanceIds) =>
        instanceIds.Count == 0
            ? new Dictionary<string, ServerFacts>()
            : unit.Query<ServerFacts>($"SELECT {Columns} FROM servers WHERE instance_id IN @instanceIds", new { instanceIds })
                .ToDictionary(one => one.InstanceId);

    /// <summary>When the servers of all instances that are ready, and that nobody holds, were last seen.</summary>
    public static IReadOnlyList<WatchedServer> ToWatch(IUnit unit) =>
        unit.Query<WatchedServer>(
            """
            SELECT i.id AS instance_id, s.seen, s.missing_since FROM instances i LEFT JOIN servers s ON s.instance_id = i.id
            WHERE i.deleted = 0 AND i.lifecycle = 'Ready' AND i.lock_owner IS NULL
            """);

    /// <summary>The instance is gone.</summary>
    public static void Delete(IUnit unit, string instanceId) =>
        unit.Execute("DELETE FROM servers WHERE instance_id = @instanceId", new { instanceId });
}
