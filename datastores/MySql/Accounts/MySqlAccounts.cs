using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Commands;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>Databases, users and their access.</summary>
internal sealed class MySqlAccounts(
    Flavor flavor, DatastoreHost host, ServerLayout layout, ServerConnections connections, MemberStore member, Turns turns) : IAccounts
{
    private readonly Catalogue _catalogue = new(flavor);
    private readonly UserStatements _users = new(flavor);
    private readonly BegunCalls _calls = new(layout);
    private readonly RootAccount _root = new(flavor, host.Time);

    public async Task<DatabasePage> ListDatabasesAsync(ListDatabases request, CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        var (page, next) = Paging.Take(
            await Catalogue.DatabasesAsync(session, cancellationToken),
            request.Limit,
            name => request.Marker is null || string.CompareOrdinal(name, request.Marker) > 0,
            name => name);
        return new DatabasePage(page, next);
    }

    public async Task<UserPage> ListUsersAsync(ListUsers request, CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        var (page, next) = Paging.Take(
            await _catalogue.UsersAsync(session, cancellationToken), request.Limit, user => IsAfter(user, request.Marker), MarkerOf);
        return new UserPage(page, next);
    }

    public async Task<UserInfo> GetUserAsync(string name, string host, CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        return await ExistingUserAsync(session, name, host, cancellationToken);
    }

    public Task CreateDatabasesAsync(string callId, IReadOnlyList<DatabaseSpec> databases, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                databases.ToList().ForEach(database => Names.CheckDatabase(database.Name));
                CheckDistinct(databases.Select(database => database.Name));
                var present = await Catalogue.DatabasesAsync(session, cancellationToken);
                await _calls.RunAsync(
                    callId,
                    () => databases.FirstOrDefault(database => present.Contains(database.Name)) is { } existing
                        ? throw Faults.Precondition($"The database {existing.Name} exists already.")
                        : Task.CompletedTask,
                    _ => DatabaseStatements.CreateAsync(
                        session, [.. databases.Where(database => !present.Contains(database.Name))], cancellationToken));
            },
            cancellationToken);

    public Task EnsureAsync(IReadOnlyList<DatabaseSpec> databases, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken) =>
        databases.Count + users.Count == 0
            ? Task.CompletedTask
            : WriteAsync(
                async session =>
                {
                    databases.ToList().ForEach(database => Names.CheckDatabase(database.Name));
                    CheckUsers(users);
                    var presentDatabases = await Catalogue.DatabasesAsync(session, cancellationToken);
                    await DatabaseStatements.CreateAsync(
                        session, [.. databases.Where(database => !presentDatabases.Contains(database.Name))], cancellationToken);
                    var presentUsers = await _catalogue.UsersAsync(session, cancellationToken);
                    await _users.CreateAsync(
                        session, [.. users.Where(user => !Contains(presentUsers, user))], again: false, cancellationToken);

                    // A user without its access, and still locked, is what a cut-off call leaves.
                    await _users.AdmitAsync(session, users, cancellationToken);
                },
                cancellationToken);

    public Task DeleteDatabaseAsync(string callId, string name, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                Names.CheckDatabase(name);
                await _calls.RunAsync(
                    callId,
                    () => RequireDatabaseAsync(session, name, cancellationToken),
                    again => session.ExecuteAsync($"DROP DATABASE {(again ? "IF EXISTS " : "")}{Sql.Identifier(name)}", cancellationToken));
            },
            cancellationToken);

    public Task CreateUsersAsync(string callId, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                CheckUsers(users);
                CheckDistinct(users.Select(user => $"{user.Name}@{HostOf(user)}"));
                var present = await _catalogue.UsersAsync(session, cancellationToken);
                await _calls.RunAsync(
                    callId,
                    () => users.FirstOrDefault(user => Contains(present, user)) is { } existing
                        ? throw Faults.Precondition($"The user {existing} exists already.")
                        : Task.CompletedTask,
                    again => _users.CreateAsync(session, users, again, cancellationToken));
            },
            cancellationToken);

    public Task UpdateUserAsync(string callId, UpdateUser request, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var (name, from) = (request.NewName ?? request.Name, request.NewHost ?? request.Host);
                await _calls.RunAsync(
                    callId,
                    async () =>
                    {
                        await ExistingUserAsync(session, request.Name, request.Host, cancellationToken);
                        if ((name, from) != (request.Name, request.Host))
                        {
                            Names.CheckUser(flavor, name, from);
                            if (await _catalogue.FindUserAsync(session, name, from, cancellationToken) is not null)
                            {
                                throw Faults.Precondition($"The user {name}@{from} exists already.");
                            }

                            await Definers.MustBeNoneOfAsync(session, request.Name, request.Host, cancellationToken);
                        }
                    },
                    async again =>
                    {
                        var isRenamed = again && await _catalogue.FindUserAsync(session, name, from, cancellationToken) is not null;
                        await _users.UpdateAsync(session, request, name, from, isRenamed, cancellationToken);
                    });
            },
            cancellationToken);

    public Task ChangePasswordsAsync(IReadOnlyList<UserSpec> users, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                foreach (var user in users)
                {
                    await ExistingUserAsync(session, user.Name, HostOf(user), cancellationToken);
                }

                await _users.SetPasswordsAsync(session, users, cancellationToken);
            },
            cancellationToken);

    public Task DeleteUserAsync(string callId, string name, string host, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await _calls.RunAsync(
                    callId,
                    () => ExistingUserAsync(session, name, host, cancellationToken),
                    again => session.ExecuteAsync($"DROP USER {(again ? "IF EXISTS " : "")}{Sql.Account(name, host)}", cancellationToken));
            },
            cancellationToken);

    public Task GrantAccessAsync(GrantAccess request, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await ExistingUserAsync(session, request.Name, request.Host, cancellationToken);
                foreach (var database in request.Databases)
                {
                    Names.CheckDatabase(database);
                    await RequireDatabaseAsync(session, database, cancellationToken);
                }

                await _users.GrantAsync(session, [new UserSpec(request.Name, "", request.Host, request.Databases)], cancellationToken);
            },
            cancellationToken);

    public Task RevokeAccessAsync(string callId, RevokeAccess request, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var user = await ExistingUserAsync(session, request.Name, request.Host, cancellationToken);
                var hasAccess = user.Databases.Contains(request.Database);
                await _calls.RunAsync(
                    callId,
                    () => hasAccess
                        ? Task.CompletedTask
                        : throw Faults.NotFound($"The user {request.Name}@{request.Host} has no access to {request.Database}."),
                    _ => hasAccess ? _users.RevokeAsync(session, request, cancellationToken) : Task.CompletedTask);
            },
            cancellationToken);

    public Task EnableRootAsync(string password, CancellationToken cancellationToken) =>
        WriteAsync(session => _root.EnableAsync(session, password, cancellationToken), cancellationToken);

    public Task DisableRootAsync(CancellationToken cancellationToken) =>
        WriteAsync(session => _root.DisableAsync(session, cancellationToken), cancellationToken);

    internal static string HostOf(UserSpec user) => user.Host ?? "%";

    private async Task WriteAsync(Func<Session, Task> write, CancellationToken cancellationToken)
    {
        var state = member.State;
        if (state.Following is { } source)
        {
            throw Faults.Precondition(
                $"This instance is a slave of {source.InstanceId} ({source.Host}) and read only; make the change on its master.");
        }

        if (state.ReadOnly)
        {
            throw Faults.Precondition("This instance is read only.");
        }

        await turns.CallAsync(async () =>
        {
            await using var session = await connections.OpenAsync(cancellationToken);
            try
            {
                await write(session);
            }
            catch (DatastoreException e) when (e.InnerException is MySqlException { ErrorCode: MySqlErrorCode.LockWaitTimeout })
            {
                throw Faults.Transient($"Nothing was changed: {await Blockers.DescribeAsync(session, cancellationToken)}", e);
            }
        });
    }

    private async Task<UserInfo> ExistingUserAsync(Session session, string name, string host, CancellationToken cancellationToken)
    {
        Names.CheckUser(flavor, name, host);
        return await _catalogue.FindUserAsync(session, name, host, cancellationToken)
            ?? throw Faults.NotFound($"There is no user {name}@{host}.");
    }

    private static async Task RequireDatabaseAsync(Session session, string name, CancellationToken cancellationToken)
    {
        if (!await Catalogue.HasDatabaseAsync(session, name, cancellationToken))
        {
            throw Faults.NotFound($"There is no database {name}.");
        }
    }

    private void CheckUsers(IReadOnlyList<UserSpec> users)
    {
        foreach (var user in users)
        {
            Names.CheckUser(flavor, user.Name, HostOf(user));
            (user.Databases ?? []).ToList().ForEach(Names.CheckDatabase);
        }
    }

    private static void CheckDistinct(IEnumerable<string> names)
    {
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Faults.Precondition($"{twice.Key} is named twice.");
        }
    }

    private static bool Contains(IReadOnlyList<UserInfo> users, UserSpec user) =>
        users.Any(present => present.Name == user.Name && present.Host == HostOf(user));

    private static string MarkerOf(UserInfo user) => $"{user.Name}@{user.Host}";

    private static bool IsAfter(UserInfo user, string? marker)
    {
        if (marker is null)
        {
            return true;
        }

        var at = marker.LastIndexOf('@');
        var (name, host) = at < 0 ? (marker, "") : (marker[..at], marker[(at + 1)..]);
        var order = string.CompareOrdinal(user.Name, name);
        return order > 0 || (order == 0 && string.CompareOrdinal(user.Host, host) > 0);
    }
}
