using Dbaas.Datastores.MySql.Connections;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>What databases and users there are, without the engine's and the service's own, in order.</summary>
internal sealed class Catalogue(Flavor flavor)
{
    public static async Task<IReadOnlyList<string>> DatabasesAsync(Session session, CancellationToken cancellationToken) =>
    [
        .. (await session.TextsAsync("SELECT schema_name AS name FROM information_schema.schemata", cancellationToken))
            .Where(name => !Names.IsHiddenDatabase(name))
            .Order(StringComparer.Ordinal),
    ];

    public static async Task<bool> HasDatabaseAsync(Session session, string name, CancellationToken cancellationToken) =>
        (await DatabasesAsync(session, cancellationToken)).Contains(name, StringComparer.Ordinal);

    public async Task<IReadOnlyList<UserInfo>> UsersAsync(Session session, CancellationToken cancellationToken)
    {
        var accounts = (await session.RowsAsync("SELECT User, Host FROM mysql.user", cancellationToken))
            .Select(row => (Name: row[0] ?? "", Host: row[1] ?? ""));
        var grants = (await session.RowsAsync("SELECT User, Host, Db FROM mysql.db", cancellationToken))
            .Select(row => (Name: row[0] ?? "", Host: row[1] ?? "", Database: row[2] ?? ""))
            .Where(grant => !Names.IsHiddenDatabase(grant.Database))
            .ToLookup(grant => (grant.Name, grant.Host), grant => flavor.DatabaseOfGrant(grant.Database));
        return
        [
            .. accounts
                .Where(account => account.Host.Length > 0 && !Names.IsHiddenUser(flavor, account.Name))
                .OrderBy(account => account.Name, StringComparer.Ordinal)
                .ThenBy(account => account.Host, StringComparer.Ordinal)
                .Select(account => new UserInfo(account.Name, account.Host, [.. grants[account].Distinct().Order(StringComparer.Ordinal)])),
        ];
    }

    public async Task<UserInfo?> FindUserAsync(Session session, string name, string host, CancellationToken cancellationToken) =>
        (await UsersAsync(session, cancellationToken)).FirstOrDefault(user => user.Name == name && user.Host == host);
}
