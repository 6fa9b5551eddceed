using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.GuestProtocol.Commands;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>Making and changing users: all or none.</summary>
internal sealed class UserStatements(Flavor flavor)
{
    /// <param name="session">To the server.</param>
    /// <param name="users">None of them was there before the call was first made.</param>
    /// <param name="again">The call was begun before.</param>
    /// <param name="cancellationToken">Cuts it off.</param>
    public async Task CreateAsync(Session session, IReadOnlyList<UserSpec> users, bool again, CancellationToken cancellationToken)
    {
        if (users.Count == 0)
        {
            return;
        }

        try
        {
            foreach (var user in again ? users : [])
            {
                // Half made by the call that was cut off.
                await session.ExecuteAsync($"DROP USER IF EXISTS {Account(user)}", cancellationToken);
            }

            await session.ExecuteAsync($"CREATE USER {Logins(users)} ACCOUNT LOCK", cancellationToken);
            await AdmitAsync(session, users, cancellationToken);
        }
        catch
        {
            foreach (var user in users)
            {
                // None of them was there before. On its own clock: a caller that went away must not leave half of it.
                await session.ExecuteAsync($"DROP USER IF EXISTS {Account(user)}", CancellationToken.None);
            }

            throw;
        }
    }

    /// <summary>Guards and access, and only then the login.</summary>
    public async Task AdmitAsync(Session session, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken)
    {
        if (users.Count == 0)
        {
            return;
        }

        var accounts = string.Join(", ", users.Select(Account));
        foreach (var guard in flavor.Guards(accounts))
        {
            await session.ExecuteAsync(guard, cancellationToken);
        }

        await GrantAsync(session, users, cancellationToken);
        await session.ExecuteAsync($"ALTER USER {accounts} ACCOUNT UNLOCK", cancellationToken);
    }

    public async Task GrantAsync(Session session, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken)
    {
        foreach (var user in users)
        {
            foreach (var database in user.Databases ?? [])
            {
                await session.ExecuteAsync($"GRANT ALL PRIVILEGES ON {Target(database)} TO {Account(user)}", cancellationToken);
            }
        }
    }

    /// <summary>One statement: every user was seen a moment ago, so it is all or none.</summary>
    public Task SetPasswordsAsync(Session session, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken) =>
        users.Count == 0 ? Task.CompletedTask : session.ExecuteAsync($"ALTER USER {Logins(users)}", cancellationToken);

    /// <param name="isRenamed">An earlier call did that.</param>
    public async Task UpdateAsync(
        Session session, UpdateUser request, string name, string host, bool isRenamed, CancellationToken cancellationToken)
    {
        var (before, after) = (Sql.Account(request.Name, request.Host), Sql.Account(name, host));
        if (before != after && !isRenamed)
        {
            await session.ExecuteAsync($"RENAME USER {before} TO {after}", cancellationToken);
        }

        if (request.NewPassword is not { } password)
        {
            return;
        }

        try
        {
            await SetPasswordsAsync(session, [new UserSpec(name, password, host)], cancellationToken);
        }
        catch when (before != after)
        {
            await session.ExecuteAsync($"RENAME USER {after} TO {before}", CancellationToken.None);
            throw;
        }
    }

    /// <summary>
    /// All that the user has in the database, whoever granted it: by its name and by patterns that read like it, on single tables and
    /// routines, and the right to pass it on.
    /// </summary>
    public async Task RevokeAsync(Session session, RevokeAccess request, CancellationToken cancellationToken)
    {
        (string, object?)[] user = [("user", request.Name), ("host", request.Host), ("database", request.Database)];
        var databases = (await session.TextsAsync("SELECT Db FROM mysql.db WHERE User = @user AND Host = @host", cancellationToken, user))
            .Where(name => flavor.DatabaseOfGrant(name) == request.Database)
            .Select(name => $"{Sql.Identifier(name)}.*");
        var finer = (await session.RowsAsync(
                "SELECT 'TABLE', Table_name FROM mysql.tables_priv WHERE User = @user AND Host = @host AND Db = @database UNION ALL "
                + "SELECT Routine_type, Routine_name FROM mysql.procs_priv WHERE User = @user AND Host = @host AND Db = @database",
                cancellationToken,
                user))
            .Select(row => $"{row[0]} {Sql.Identifier(request.Database)}.{Sql.Identifier(row[1]!)}");
        foreach (var target in databases.Concat(finer))
        {
            await RevokeAsync(session, "GRANT OPTION", target, request, cancellationToken);
            await RevokeAsync(session, "ALL PRIVILEGES", target, request, cancellationToken);
        }
    }

    private static async Task RevokeAsync(
        Session session, string what, string target, RevokeAccess request, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(
                $"REVOKE {what} ON {target} FROM {Sql.Account(request.Name, request.Host)}", cancellationToken);
        }
        catch (DatastoreException e) when (e.InnerException is MySqlException
        {
            ErrorCode: MySqlErrorCode.NonExistingGrant or MySqlErrorCode.NonExistingTableGrant or MySqlErrorCode.NonExistingProcedureGrant,
        })
        {
            // It had nothing else there, or an earlier call took it.
        }
    }

    private string Target(string database) => Sql.Identifier(flavor.GrantName(database)) + ".*";

    private static string Account(UserSpec user) => Sql.Account(user.Name, MySqlAccounts.HostOf(user));

    private string Logins(IEnumerable<UserSpec> users) =>
        string.Join(", ", users.Select(user => $"{Account(user)} {flavor.IdentifiedBy(user.Password)}"));
}
