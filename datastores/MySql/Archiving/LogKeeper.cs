using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>
/// Who removes files of a binary log, beside the server, which knows their age only. Of a log that is archived the server removes none:
/// this does, when they are archived and have the age, or when nobody has archived for long. Of others those go that all slaves have
/// received, once room gets scarce. What is needed goes only when the volume is nearly full: a database that stands still is worse.
/// </summary>
internal sealed class LogKeeper(
    DatastoreHost host, ServerLayout layout, ServerConnections connections, MemberStore member, ServerRunner runner, VolumeRoom room)
{
    /// <summary>There is something to look at: <see cref="LookAsync"/>.</summary>
    public bool IsToBeLookedAt => IsKeptTooLong
        || (member.State.LogOn && (IsShortOfRoom || MayMakeRoom) && HasClosedFiles);

    private bool IsKeptTooLong => member.KeptLog is { } kept && kept.Until < host.Time.GetUtcNow();

    private bool IsShortOfRoom => room.Free < room.Reserve / 2;

    /// <summary>Never of a log that is archived: what all slaves have its archive may lack.</summary>
    private bool MayMakeRoom => member.KeptLog is null && room.IsScarce;

    /// <summary>Beside the one that is written.</summary>
    private bool HasClosedFiles => layout.HasBinaryLog
        && Directory.EnumerateFiles(layout.BinaryLog).Where(file => char.IsAsciiDigit(file[^1])).Skip(1).Any();

    /// <summary>From now on the server removes nothing. Also over its restarts.</summary>
    public async Task KeepAsync(Session session, TimeSpan keepFor, CancellationToken cancellationToken)
    {
        member.KeptLog = new KeptLog(host.Time.GetUtcNow() + keepFor);
        runner.WriteOptionFile();
        await session.ExecuteAsync($"SET GLOBAL {LogExpiry.Name} = 0", cancellationToken);
    }

    /// <summary>Removes what is archived and has its age.</summary>
    /// <param name="session">Of this server.</param>
    /// <param name="file">Those before this one are archived.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task PurgeArchivedAsync(Session session, string file, CancellationToken cancellationToken)
    {
        if (LogExpiry.Of(member.Settings!.Configuration) is not { } age)
        {
            return;
        }

        var names = await NamesAsync(session, cancellationToken);
        var old = host.Time.GetUtcNow().UtcDateTime - age;
        var kept = names.TakeWhile(name => name != file)
            .FirstOrDefault(name => File.GetLastWriteTimeUtc(Path.Combine(layout.BinaryLog, name)) > old) ?? file;
        if (names.Contains(file) && names[0] != kept)
        {
            await session.ExecuteAsync($"PURGE BINARY LOGS TO {Sql.Literal(kept)}", cancellationToken);
        }
    }

    /// <summary>Gives up what is kept, or some of it, where that is due.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        if (IsKeptTooLong)
        {
            member.KeptLog = null;
            runner.WriteOptionFile();
            var seconds = (long)(LogExpiry.Of(member.Settings!.Configuration)?.TotalSeconds ?? 0);
            await session.ExecuteAsync(
                $"SET GLOBAL {LogExpiry.Name} = {seconds.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
            host.Log("Nobody has archived the binary log for long: the server removes its files by their age again.");
        }
        else if (IsShortOfRoom)
        {
            await PurgeOldestAsync(session, "archived or not, received by all slaves or not: the volume is nearly full", cancellationToken);
        }
        else if (MayMakeRoom && await AllSlavesReadAsync(session, cancellationToken))
        {
            await PurgeOldestAsync(session, "for all slaves have it, and room on the volume is scarce", cancellationToken);
        }
    }

    /// <summary>The engine removes no file from which a slave reads just now.</summary>
    private async Task<bool> AllSlavesReadAsync(Session session, CancellationToken cancellationToken)
    {
        var readers = await session.TextsAsync(
            "SELECT USER FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'", cancellationToken);
        return member.State.Slaves.Values.All(slave => readers.Contains(slave.User));
    }

    private async Task PurgeOldestAsync(Session session, string why, CancellationToken cancellationToken)
    {
        if (await NamesAsync(session, cancellationToken) is not [var oldest, var next, ..])
        {
            return;
        }

        await session.ExecuteAsync($"PURGE BINARY LOGS TO {Sql.Literal(next)}", cancellationToken);
        if (!(await NamesAsync(session, cancellationToken)).Contains(oldest))
        {
            host.Log($"The file {oldest} of the binary log was removed, {why}.");
        }
    }

    /// <summary>The log's files, in order.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(Session session, CancellationToken cancellationToken) =>
        [.. (await session.ShowAsync("SHOW BINARY LOGS", cancellationToken)).Select(row => row["Log_name"]!)];
}
