using System.Net;
using System.Text.RegularExpressions;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// One replication user for each slave, on its master only: they are made and dropped outside the log, and a slave sweeps the copies that
/// came with its data.
/// </summary>
internal sealed partial class ReplicationUsers(
    Flavor flavor, DatastoreHost host, ServerConnections connections, MemberStore member, RandomSource random)
{
    private const string Prefix = "repl_";

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How the names of the backup tool's logins begin, and no others.</summary>
    public const string BackupPrefix = Prefix + "t";

    /// <summary>
    /// The user of a slave. Nobody can guess it: a user's root could make an account of that name first, and have what it is given later.
    /// 31 characters, for MySQL takes 32.
    /// </summary>
    public static string NewName(RandomSource random) => Prefix + random.NewId()[..26];

    /// <summary>The user by which a slave reads the data, for engines that need one.</summary>
    public static string NewReaderName(RandomSource random) => Prefix + "c" + random.NewId()[..26];

    /// <summary>The login of one run of the backup tool.</summary>
    public static string NewBackupName(RandomSource random) => BackupPrefix + random.NewId()[..26];

    /// <summary>Names that are given here: nobody else may have one.</summary>
    public static bool IsOurs(string user) => OurName().IsMatch(user);

    /// <summary>All loopback addresses of a machine send from the same one.</summary>
    public static string HostPatternFor(string address) =>
        IPAddress.TryParse(address, out var ip)
            && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            && IPAddress.IsLoopback(ip)
            ? "127.0.0.0/255.0.0.0"
            : address;

    /// <summary>Makes sure that the slave's user exists, by the name that the record says. Its password stays as long as it does.</summary>
    public async Task<SlaveUser> EnsureAsync(string slaveId, string address, CancellationToken cancellationToken)
    {
        var pattern = HostPatternFor(address);
        var state = member.State;
        var user = state.Slaves.TryGetValue(slaveId, out var known) && known.Host == pattern
            ? known
            : new SlaveUser(known?.User ?? NewName(random), pattern, random.NewPassword());
        member.State = state with { Slaves = new Dictionary<string, SlaveUser>(state.Slaves) { [slaveId] = user } };
        await EnsureAsync(user, "REPLICATION SLAVE", cancellationToken);
        return user;
    }

    /// <summary>Makes sure that a user of ours exists, from one address, with one privilege.</summary>
    public async Task EnsureAsync(SlaveUser user, string privilege, CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 0", cancellationToken);
        foreach (var other in (await HostsOfAsync(session, user.User, cancellationToken)).Where(pattern => pattern != user.Host))
        {
            await session.ExecuteAsync($"DROP USER IF EXISTS {Sql.Account(user.User, other)}", cancellationToken);
        }

        var account = Sql.Account(user.User, user.Host);
        var login = $"{account} {flavor.IdentifiedBy(user.Password)} REQUIRE SSL";
        await session.ExecuteAsync($"CREATE USER IF NOT EXISTS {login}", cancellationToken);
        await session.ExecuteAsync($"ALTER USER {login}", cancellationToken);
        await session.ExecuteAsync($"GRANT {flavor.ServicePrivileges(privilege)} ON *.* TO {account}", cancellationToken);
        if (await flavor.IsRoleOfOthersAsync(session, user.User, cancellationToken))
        {
            // Somebody saw it in the moment between its making and its protection. Now nobody can, so once more from the start.
            await session.ExecuteAsync($"DROP USER {account}", cancellationToken);
            throw Faults.Transient($"The user {user.User} was given to somebody as a role while it was made; try again.");
        }
    }

    /// <summary>Drops the slave's users, ends their connections (a dump goes on after DROP USER), and sees that none is left.</summary>
    public async Task ForgetAsync(string slaveId, CancellationToken cancellationToken)
    {
        if (member.State.Slaves.TryGetValue(slaveId, out var user))
        {
            await DropAsync(user.User, cancellationToken);
        }

        member.Change(state => state with
        {
            Slaves = state.Slaves.Where(pair => pair.Key != slaveId).ToDictionary(),
        });
    }

    /// <summary>Drops a user of ours and ends its connections.</summary>
    public async Task DropAsync(string user, CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        await session.ExecuteAsync("SET SESSION sql_log_bin = 0", cancellationToken);
        foreach (var pattern in await HostsOfAsync(session, user, cancellationToken))
        {
            await session.ExecuteAsync($"DROP USER IF EXISTS {Sql.Account(user, pattern)}", cancellationToken);
        }

        await EndConnectionsAsync(session, user, cancellationToken);
    }

    /// <summary>Ends all connections of a user and sees that none is left.</summary>
    public Task EndConnectionsAsync(Session session, string user, CancellationToken cancellationToken) =>
        ClientConnections.EndAsync(session, user, host.Time, EndPatience, Pause, cancellationToken);

    /// <summary>Of all users of ours, whether they are there or not: a server that becomes a slave feeds nobody.</summary>
    public async Task EndAllConnectionsAsync(Session session, CancellationToken cancellationToken)
    {
        var users = await session.TextsAsync("SELECT DISTINCT USER FROM information_schema.PROCESSLIST", cancellationToken);
        foreach (var user in users.Where(IsOurs))
        {
            await EndConnectionsAsync(session, user, cancellationToken);
        }
    }

    /// <summary>The users of ours that the server has.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(Session session, CancellationToken cancellationToken) =>
        [.. (await session.TextsAsync("SELECT DISTINCT User FROM mysql.user", cancellationToken)).Where(IsOurs)];

    /// <summary>A new slave: drops the copies that came with its data, outside the log.</summary>
    public static async Task SweepCopiesAsync(Session session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("SET SESSION sql_log_bin = 0", cancellationToken);
        foreach (var user in await ListAsync(session, cancellationToken))
        {
            foreach (var pattern in await HostsOfAsync(session, user, cancellationToken))
            {
                await session.ExecuteAsync($"DROP USER IF EXISTS {Sql.Account(user, pattern)}", cancellationToken);
            }
        }

        await session.ExecuteAsync("SET SESSION sql_log_bin = 1", cancellationToken);
    }

    /// <summary>From where a user may come.</summary>
    public static Task<IReadOnlyList<string>> HostsOfAsync(Session session, string user, CancellationToken cancellationToken) =>
        session.TextsAsync("SELECT Host FROM mysql.user WHERE User = @user", cancellationToken, ("user", user));

    [GeneratedRegex(@"^repl_[ct]?[0-9a-f]{26}\z")]
    private static partial Regex OurName();
}
