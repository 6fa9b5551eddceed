using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Tests.Fakes;

internal sealed class FakeAccounts(FakeDatastore datastore) : IAccounts
{
    public async Task<DatabasePage> ListDatabasesAsync(ListDatabases request, CancellationToken cancellationToken)
    {
        await datastore.CallAsync("list databases", cancellationToken);
        return new DatabasePage(["shop"], null);
    }

    public async Task<UserPage> ListUsersAsync(ListUsers request, CancellationToken cancellationToken)
    {
        await datastore.CallAsync("list users", cancellationToken);
        return new UserPage([], null);
    }

    public async Task<UserInfo> GetUserAsync(string name, string host, CancellationToken cancellationToken)
    {
        await datastore.CallAsync("get user", cancellationToken);
        return new UserInfo(name, host, []);
    }

    public Task EnsureAsync(IReadOnlyList<DatabaseSpec> databases, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken) =>
        datastore.CallAsync("ensure", cancellationToken);

    public Task CreateDatabasesAsync(string callId, IReadOnlyList<DatabaseSpec> databases, CancellationToken cancellationToken) =>
        datastore.CallAsync("create databases", cancellationToken);

    public Task DeleteDatabaseAsync(string callId, string name, CancellationToken cancellationToken) =>
        datastore.CallAsync("delete database", cancellationToken);

    public Task CreateUsersAsync(string callId, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken) =>
        datastore.CallAsync("create users", cancellationToken);

    public Task UpdateUserAsync(string callId, UpdateUser request, CancellationToken cancellationToken) =>
        datastore.CallAsync("update user", cancellationToken);

    public Task ChangePasswordsAsync(IReadOnlyList<UserSpec> users, CancellationToken cancellationToken) =>
        datastore.CallAsync("change passwords", cancellationToken);

    public Task DeleteUserAsync(string callId, string name, string host, CancellationToken cancellationToken) =>
        datastore.CallAsync("delete user", cancellationToken);

    public Task GrantAccessAsync(GrantAccess request, CancellationToken cancellationToken) =>
        datastore.CallAsync("grant", cancellationToken);

    public Task RevokeAccessAsync(string callId, RevokeAccess request, CancellationToken cancellationToken) =>
        datastore.CallAsync("revoke", cancellationToken);

    public Task EnableRootAsync(string password, CancellationToken cancellationToken) =>
        datastore.CallAsync("enable root", cancellationToken);

    public Task DisableRootAsync(CancellationToken cancellationToken) =>
        datastore.CallAsync("disable root", cancellationToken);
}
