using System.Text.RegularExpressions;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// Transactions that a slave logged itself. Nobody can write on it, but the engines log some statements that they do not count as writing,
/// and some that they make up themselves; then the slave's history is no longer its master's. Those that change no rows of the master's are
/// taken out again; others are reported.
/// </summary>
internal sealed partial class OwnTransactions(
    Flavor flavor, DatastoreHost host, ServerConnections connections, MemberStore member, ServerRunner runner)
{
    private const int Page = 1000;
    private const int MostPages = 50;

    private string? _notHarmless;

    /// <summary>Those that it has; null: none.</summary>
    public string? Of(ReplicaStatus? status) =>
        member.State.Following is { Configured: true } source
            && status is { Own.Length: > 0 }
            && !flavor.Gtids.Covers(source.Before, status.Own)
            ? status.Own
            : null;

    /// <summary>It may be mended: not looked into yet.</summary>
    public bool MayBeMended(ReplicaStatus? status) => Of(status) is { } own && own != _notHarmless;

    /// <summary>Takes them out of the history, if they are harmless.</summary>
    public async Task MendAsync(CancellationToken cancellationToken)
    {
        await using (var session = await connections.OpenAsync(cancellationToken))
        {
            if (Of(await flavor.ReadReplicaStatusAsync(session, cancellationToken)) is not { } own)
            {
                return;
            }

            if (!await AreHarmlessAsync(session, cancellationToken))
            {
                _notHarmless = own;
                return;
            }

            // The log's files go with it: a slave's are read by nobody. Stopped first, so that nothing is added to what is written down.
            await session.ExecuteAsync("STOP REPLICA", cancellationToken);
            var source = member.State.Following!;
            var history = await flavor.HistoryWithoutOwnAsync(session, source.Before, cancellationToken);
            member.Change(state => state with { Following = source with { MendTo = history } });
        }

        await runner.SettleAsync(cancellationToken);
        host.Log("Transactions that this slave had logged itself were taken out of its history; they changed no rows.");
    }

    private async Task<bool> AreHarmlessAsync(Session session, CancellationToken cancellationToken)
    {
        var own = await session.TextAsync("SELECT @@GLOBAL.server_id", cancellationToken);
        var files = await session.TextsAsync("SHOW BINARY LOGS", cancellationToken);
        var first = Math.Max(0, files.ToList().IndexOf(member.State.Following!.LogFrom));
        var (seen, pages) = (false, 0);
        foreach (var file in files.Skip(first).Reverse())
        {
            for (var from = 4L; pages < MostPages; pages++)
            {
                var events = await session.ShowAsync(
                    $"SHOW BINLOG EVENTS IN {Sql.Literal(file)} FROM {from} LIMIT {Page}", cancellationToken);
                foreach (var entry in events.Where(entry => entry["Server_id"] == own))
                {
                    var (kind, text) = (entry["Event_type"] ?? "", entry["Info"] ?? "");
                    seen |= kind == "Query";
                    if (kind is "Query" ? !await IsHarmlessAsync(session, text, cancellationToken) : RowEvent().IsMatch(kind))
                    {
                        return false;
                    }
                }

                if (events.Count < Page)
                {
                    break;
                }

                from = long.Parse(events[^1]["End_log_pos"]!, System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return seen && pages < MostPages;
    }

    private static async Task<bool> IsHarmlessAsync(Session session, string logged, CancellationToken cancellationToken)
    {
        var statement = LoggedStatement().Match(logged).Groups["statement"].Value;
        if (Maintenance().IsMatch(statement) || statement is "BEGIN" or "COMMIT")
        {
            return true;
        }

        // A table in memory, as the engine finds it after a start. By anybody else it is no table in memory, or refused.
        return Emptying().Match(statement) is { Success: true } emptied
            && await session.TextAsync(
                "SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = @database AND TABLE_NAME = @name",
                cancellationToken,
                ("database", emptied.Groups["database"].Value.Replace("``", "`", StringComparison.Ordinal)),
                ("name", emptied.Groups["table"].Value.Replace("``", "`", StringComparison.Ordinal))) == "MEMORY";
    }

    [GeneratedRegex("rows|Rows|^Load|^Execute_load|^Begin_load|^Append")]
    private static partial Regex RowEvent();

    /// <summary>The default database before it, and comments around it.</summary>
    [GeneratedRegex(@"^(use `(?:[^`]|``)+`; ?)?(/\*.*?\*/\s*)*(?<statement>.*?)\s*(/\*[^*]*\*/\s*)*\z", RegexOptions.Singleline)]
    private static partial Regex LoggedStatement();

    [GeneratedRegex(@"^(analyze|repair|optimize|check|flush)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Maintenance();

    [GeneratedRegex(@"^(DELETE FROM|TRUNCATE TABLE) `(?<database>(?:[^`]|``)+)`\.`(?<table>(?:[^`]|``)+)`\z")]
    private static partial Regex Emptying();
}
