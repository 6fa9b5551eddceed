using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// MySQL's binary log as files. Which of them go on from a backup is decided by the transactions that each says were logged before it:
/// names begin anew whenever the log does.
/// </summary>
internal sealed class BinaryLogs(DatastoreHost host, ServerLayout layout)
{
    /// <summary>Files that were closed, in order, and everything that was done by the end of the last of them.</summary>
    internal sealed record Closed(IReadOnlyList<string> Files, string Gtid);

    /// <summary>In the order in which they were written: their numbers get longer.</summary>
    public static IReadOnlyList<string> InOrder(IEnumerable<string> files) =>
        [.. files.OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal)];

    /// <summary>What is logged from now on is in another file than what was before.</summary>
    public static Task CloseFileAsync(Session session, CancellationToken cancellationToken) =>
        session.ExecuteAsync("FLUSH BINARY LOGS", cancellationToken);

    /// <summary>The files that hold everything beyond <paramref name="before"/>, until now.</summary>
    /// <exception cref="DatastoreException">Precondition: something is in none of them.</exception>
    public static async Task<Closed> SinceAsync(Session session, string before, CancellationToken cancellationToken)
    {
        await CloseFileAsync(session, cancellationToken);
        var names = (await session.ShowAsync("SHOW BINARY LOGS", cancellationToken)).Select(row => row["Log_name"]!).ToList();
        var (known, notLogged) = (GtidSet.Parse(before), GtidSet.Parse(
            await session.TextAsync("SELECT @@GLOBAL.gtid_purged", cancellationToken) ?? ""));
        if (!known.Covers(notLogged))
        {
            throw Faults.Precondition(
                "The binary log does not go back to the backup that this one is to follow on: files of it are gone. Take a full one.");
        }

        var all = (await LoggedBeforeAsync(session, names[^1], cancellationToken)).Union(notLogged);
        if (!all.Covers(known))
        {
            throw Faults.Precondition(
                "The backup that this one is to follow on has transactions that are not in this server's history: take a full one.");
        }

        var first = names.Count - 1;
        while (first > 0 && !known.Covers(await LoggedBeforeAsync(session, names[first], cancellationToken)))
        {
            first--;
        }

        return new Closed(names[first..^1], all.ToString());
    }

    /// <summary>Gives the files other names too, in that folder: whatever the server removes meanwhile, they stay.</summary>
    public async Task KeepAsync(Closed logs, string folder, CancellationToken cancellationToken)
    {
        if (logs.Files.Count == 0)
        {
            return;
        }

        var result = await host.Processes.RunAsync(
            new ProcessSpec(
                "ln",
                [$"--target-directory={folder}", "--", .. logs.Files.Select(file => Path.Combine(layout.BinaryLog, file))])
            {
                UserId = host.UserId,
            },
            input: null,
            output: null,
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Transient($"A file of the binary log could not be kept (exit code {result.ExitCode}): {result.Reason}");
        }
    }

    /// <summary>All transactions that were logged before a file.</summary>
    public static async Task<GtidSet> LoggedBeforeAsync(Session session, string file, CancellationToken cancellationToken)
    {
        try
        {
            var first = await session.ShowAsync($"SHOW BINLOG EVENTS IN {Sql.Literal(file)} LIMIT 4", cancellationToken);
            return GtidSet.Parse(first.Single(row => row["Event_type"] == "Previous_gtids")["Info"] ?? "");
        }
        catch (DatastoreException e) when (e.Kind is FaultKind.Permanent)
        {
            throw Faults.Transient($"The file {file} of the binary log could not be looked into. {e.Message}", e);
        }
    }
}
