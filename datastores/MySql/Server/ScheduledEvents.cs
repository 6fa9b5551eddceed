using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// Events of the users. On a slave none runs: what they do comes from the master. Of those that came by the log the engine does not say
/// whether they were on or off there, so a server that leaves its master has all of them off; one that is restored from a slave's backup
/// has them on, for it is there in the master's place; and one that takes over from its master has those on that the master wrote down.
/// </summary>
internal static class ScheduledEvents
{
    /// <summary>Whether they run.</summary>
    public const string Scheduler = "event_scheduler";

    private const string OfTheMaster = "STATUS IN ('SLAVESIDE_DISABLED', 'REPLICA_SIDE_DISABLED')";

    /// <summary>Those that the engine keeps off because a master runs them. Repeated, it finds none.</summary>
    public static Task EnableAsync(Session session, Action<string> log, CancellationToken cancellationToken) =>
        AlterAsync(session, OfTheMaster, _ => "ENABLE", log, cancellationToken);

    /// <summary>All. Repeated, it finds none.</summary>
    public static Task DisableAsync(Session session, Action<string> log, CancellationToken cancellationToken) =>
        AlterAsync(session, "STATUS <> 'DISABLED'", _ => "DISABLE", log, cancellationToken);

    /// <summary>
    /// Those that the engine keeps off because a master ran them: as that one wrote down. Outside the log: each server has its own word for
    /// whether an event is on. Repeated, it finds none.
    /// </summary>
    public static async Task TakeOverAsync(Session session, Action<string> log, CancellationToken cancellationToken)
    {
        var on = await EventsOfTheMaster.ReadAsync(session, cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 0", cancellationToken);
        await AlterAsync(session, OfTheMaster, one => on.Contains(one) ? "ENABLE" : "DISABLE", log, cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 1", cancellationToken);
        await EventsOfTheMaster.ForgetAsync(session, cancellationToken);
    }

    private static async Task AlterAsync(
        Session session,
        string which,
        Func<(string Schema, string Name), string> change,
        Action<string> log,
        CancellationToken cancellationToken)
    {
        var events = await session.RowsAsync(
            "SELECT EVENT_SCHEMA, EVENT_NAME, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION FROM information_schema.EVENTS "
            + $"WHERE {which}",
            cancellationToken);
        foreach (var columns in events)
        {
            var (schema, name, definer) = (columns[0]!, columns[1]!, columns[2]!);
            var at = definer.LastIndexOf('@');
            try
            {
                // The engine would read the event's text in the character set of who alters it last.
                await session.ExecuteAsync(
                    $"SET character_set_client = {Sql.Literal(columns[3]!)}, collation_connection = {Sql.Literal(columns[4]!)}",
                    cancellationToken);
                await session.ExecuteAsync(
                    $"ALTER DEFINER = {Sql.Identifier(definer[..at])}@{Sql.Identifier(definer[(at + 1)..])} "
                    + $"EVENT {Sql.Identifier(schema)}.{Sql.Identifier(name)} {change((schema, name))}",
                    cancellationToken);
            }
            catch (DatastoreException e) when (e.Kind is not FaultKind.Transient)
            {
                log($"The event {name} of {schema} stays as it is: {e.Message}");
            }
        }

        if (events.Count > 0)
        {
            await session.ExecuteAsync("SET NAMES utf8mb4", cancellationToken);
        }
    }
}
