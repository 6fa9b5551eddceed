using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>The administrator that a user may ask for. Not the agent's own login, which is local.</summary>
internal sealed class RootAccount(Flavor flavor, TimeProvider time)
{
    private const string Name = "root";
    private static readonly string Account = Sql.Account(Name, "%");

    public async Task EnableAsync(Session session, string password, CancellationToken cancellationToken)
    {
        var login = $"{Account} {Sql.IdentifiedBy(password)}";
        await session.ExecuteAsync($"CREATE USER IF NOT EXISTS {login}", cancellationToken);
        await session.ExecuteAsync($"ALTER USER {login}", cancellationToken);
        await session.ExecuteAsync(
            $"GRANT {string.Join(", ", flavor.RootPrivileges)} ON *.* TO {Account} WITH GRANT OPTION", cancellationToken);
    }

    public async Task DisableAsync(Session session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"DROP USER IF EXISTS {Account}", cancellationToken);
        await ClientConnections.EndAsync(
            session,
            Name,
            time,
            patience: TimeSpan.FromSeconds(30),
            pause: TimeSpan.FromMilliseconds(50),
            cancellationToken);
    }
}
