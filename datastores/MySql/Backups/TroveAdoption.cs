using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// Data that a Trove's guest looked after, before anybody reaches it: our login takes the place of Trove's, whose passwords go with theirs.
/// </summary>
internal sealed class TroveAdoption(Flavor flavor, BackupParts parts)
{
    private const string Facts = "backup-my.cnf";
    private const string PageSize = "innodb_page_size";

    /// <summary>Root is the service's to enable; the other one is what Trove's guest works as.</summary>
    private static readonly string[] TrovesOwn = ["os_admin", "root"];

    /// <summary>As a new data directory does.</summary>
    private static string LetUsIn => $"""
        CREATE OR REPLACE USER {Sql.Account(ServerConnections.Administrator, "localhost")} IDENTIFIED VIA unix_socket;
        GRANT ALL PRIVILEGES ON *.* TO {Sql.Account(ServerConnections.Administrator, "localhost")} WITH GRANT OPTION;

        """;

    /// <param name="folder">The data.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatastoreException">
    /// Precondition: the instance was asked to be otherwise. Permanent: no server starts on the data.
    /// </exception>
    public async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        TakeShape(folder);
        var first = Path.Combine(Path.GetDirectoryName(parts.Layout.OptionFile)!, "adopt.sql");
        AtomicFile.Write(
            first,
            Encoding.UTF8.GetBytes(LetUsIn),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var server = new SideServer(flavor, parts.Host, parts.Layout, "adopt");
        try
        {
            await server.AroundToKeepAsync(
                folder,
                [$"--init-file={first}", "--event-scheduler=DISABLED", "--skip-slave-start"],
                session => DropTrovesOwnAsync(session, cancellationToken),
                cancellationToken);
        }
        catch (DatastoreException e) when (server.LastWords is { } words && !cancellationToken.IsCancellationRequested)
        {
            throw Faults.Permanent($"The server does not start on the data ({words}).", e);
        }
    }

    /// <summary>The tool says it in a file of its own.</summary>
    private void TakeShape(string folder)
    {
        var file = Path.Combine(folder, Facts);
        var shape = (File.Exists(file) ? File.ReadAllLines(file) : [])
            .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair is [PageSize, _])
            .ToDictionary(pair => pair[0], pair => pair[1]);
        DataShape.Check(shape, parts.Member.Settings!, "The backup's");
        parts.Member.Change(state => state with { Shape = shape });
        parts.Runner.WriteOptionFile();
    }

    private static async Task DropTrovesOwnAsync(Session session, CancellationToken cancellationToken)
    {
        foreach (var user in TrovesOwn)
        {
            foreach (var from in await ReplicationUsers.HostsOfAsync(session, user, cancellationToken))
            {
                if (user != ServerConnections.Administrator || from != "localhost")
                {
                    await session.ExecuteAsync($"DROP USER {Sql.Account(user, from)}", cancellationToken);
                }
            }
        }
    }
}
