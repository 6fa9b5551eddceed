using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>The administrator that a user may ask for. Not the agent's own login, which is local.</summary>
internal sealed class RootAccount(Flavor flavor, TimeProvider time)
{
    private const string Name = "root";
    private static readonly string Account = Sql.Account(Name, "%");
    private readonly Catalogue _catalogue = new(flavor);

    /// <summary>
    /// Made anew each time, so that he has what this version gives and nothing else, with his connections ended: he is locked out until all
    /// is in place.
    /// </summary>
    public async Task EnableAsync(Session session, string password, CancellationToken cancellationToken)
    {
        await DisableAsync(session, cancellationToken);
        foreach (var user in await _catalogue.UsersAsync(session, cancellationToken))
        {
            // Users that were made by other means than ours.
            await ExecuteAsync(session, flavor.Guards(Sql.Account(user.Name, user.Host)), cancellationToken);
        }

        await session.ExecuteAsync($"CREATE USER {Account} {flavor.IdentifiedBy(password)} ACCOUNT LOCK", cancellationToken);
        await ExecuteAsync(session, flavor.RootGrants(Account), cancellationToken);
        await session.ExecuteAsync($"ALTER USER {Account} ACCOUNT UNLOCK", cancellationToken);
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

    private static async Task ExecuteAsync(Session session, IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            await session.ExecuteAsync(statement, cancellationToken);
        }
    }
}
