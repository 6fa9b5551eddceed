using System.Collections.Concurrent;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// A login for one run of the backup tool. The tool reads files that the server's user may put links among, so it runs as that user, who
/// has no login of its own by the socket: it gets one that may do nothing but this, for as long as the tool runs.
/// </summary>
internal sealed class BackupLogin(
    Flavor flavor, DatastoreHost host, ServerLayout layout, ServerConnections connections, RandomSource random)
{
    private const string Privileges = "RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ConcurrentDictionary<string, bool> _inUse = new();

    /// <param name="work">Takes the option file that holds the login.</param>
    /// <param name="cancellationToken">Cuts it off.</param>
    public async Task RunAsync(Func<string, Task> work, CancellationToken cancellationToken)
    {
        var (name, password) = (ReplicationUsers.NewBackupName(random), random.NewPassword());
        var file = FileOf(name);
        _inUse[name] = true;
        try
        {
            await SweepAsync(cancellationToken);
            await using (var session = await connections.OpenAsync(cancellationToken))
            {
                await session.ExecuteAsync("SET SESSION sql_log_bin = 0", cancellationToken);
                var account = Sql.Account(name, "localhost");
                await session.ExecuteAsync($"CREATE USER {account} {flavor.IdentifiedBy(password)}", cancellationToken);
                await session.ExecuteAsync($"GRANT {Privileges} ON *.* TO {account}", cancellationToken);
            }

            var options = $"!include {layout.OptionFile}\n[mariadb-backup]\nuser = {name}\npassword = {password}\n";
            AtomicFile.Write(file, Encoding.ASCII.GetBytes(options), OwnerOnly, host.UserId);
            await work(file);
        }
        finally
        {
            _inUse.TryRemove(name, out _);
            await SweepAsync(CancellationToken.None);
        }
    }

    /// <summary>Logins of runs that are over, also of agents that were killed.</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var file in Directory.EnumerateFiles(layout.Encryption, $"{ReplicationUsers.BackupPrefix}*")
            .Where(file => !_inUse.ContainsKey(Path.GetFileName(file))))
        {
            File.Delete(file);
        }

        await using var session = await connections.OpenAsync(cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 0", cancellationToken);
        foreach (var user in (await ReplicationUsers.ListAsync(session, cancellationToken))
            .Where(user => user.StartsWith(ReplicationUsers.BackupPrefix, StringComparison.Ordinal) && !_inUse.ContainsKey(user)))
        {
            await session.ExecuteAsync($"DROP USER IF EXISTS {Sql.Account(user, "localhost")}", cancellationToken);
        }
    }

    private string FileOf(string name) => Path.Combine(layout.Encryption, name);
}
