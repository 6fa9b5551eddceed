using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>
/// Who removes files of a binary log that is archived: not the server, by their age, but this, when they are archived and have the age; and
/// without being archived only when the volume has no room, or nobody has archived for long.
/// </summary>
internal sealed class LogKeeper(
    DatastoreHost host, ServerLayout layout, ServerConnections connections, MemberStore member, ServerRunner runner, VolumeRoom room)
{
    /// <summary>There is something to look at: <see cref="LookAsync"/>.</summary>
    public bool IsToBeLookedAt => member.KeptLog is { } kept && (kept.Until < host.Time.GetUtcNow() || IsShortOfRoom);

    private bool IsShortOfRoom => room.Free < room.Reserve / 2;

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
        if (member.KeptLog is { } kept && kept.Until < host.Time.GetUtcNow())
        {
            member.KeptLog = null;
            runner.WriteOptionFile();
            var seconds = (long)(LogExpiry.Of(member.Settings!.Configuration)?.TotalSeconds ?? 0);
            await session.ExecuteAsync(
                $"SET GLOBAL {LogExpiry.Name} = {seconds.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
            host.Log("Nobody has archived the binary log for long: the server removes its files by their age again.");
        }
        else if (IsShortOfRoom && await NamesAsync(session, cancellationToken) is [var oldest, var next, ..])
        {
            await session.ExecuteAsync($"PURGE BINARY LOGS TO {Sql.Literal(next)}", cancellationToken);
            host.Log($"The file {oldest} of the binary log was removed, archived or not: the volume is nearly full.");
        }
    }

    /// <summary>The log's files, in order.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(Session session, CancellationToken cancellationToken) =>
        [.. (await session.ShowAsync("SHOW BINARY LOGS", cancellationToken)).Select(row => row["Log_name"]!)];
}
