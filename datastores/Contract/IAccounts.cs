using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.Contract;

/// <summary>
/// Databases, users and their access. Calls that write are refused (precondition, naming the master where known) on a server that is
/// read only. The engine's own databases and users, and the service's, are never shown, and cannot be touched (precondition).
/// A call id names a call that is refused when what it makes exists, or what it removes does not: the same id again is the same call, which
/// may have been cut off anywhere; it is finished, and not refused because of its own first half.
/// </summary>
public interface IAccounts
{
    /// <summary>A page of databases, in order of name.</summary>
    Task<DatabasePage> ListDatabasesAsync(ListDatabases request, CancellationToken cancellationToken);

    /// <summary>All or none. Precondition when one exists.</summary>
    Task CreateDatabasesAsync(string callId, IReadOnlyList<DatabaseSpec> databases, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="CreateDatabasesAsync"/> and <see cref="CreateUsersAsync"/>, but what exists is left: for preparing a server.
    /// </summary>
    Task EnsureAsync(IReadOnlyList<DatabaseSpec> databases, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken);

    /// <summary>Not found when there is none.</summary>
    Task DeleteDatabaseAsync(string callId, string name, CancellationToken cancellationToken);

    /// <summary>A page of users, in order of name and host.</summary>
    Task<UserPage> ListUsersAsync(ListUsers request, CancellationToken cancellationToken);

    /// <summary>Not found when there is none.</summary>
    Task<UserInfo> GetUserAsync(string name, string host, CancellationToken cancellationToken);

    /// <summary>All or none. Precondition when one exists.</summary>
    Task CreateUsersAsync(string callId, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken);

    /// <summary>Not found when there is none; precondition when the new name is taken.</summary>
    Task UpdateUserAsync(string callId, UpdateUser request, CancellationToken cancellationToken);

    /// <summary>All or none. Not found when one does not exist.</summary>
    Task ChangePasswordsAsync(IReadOnlyList<UserSpec> users, CancellationToken cancellationToken);

    /// <summary>Not found when there is none.</summary>
    Task DeleteUserAsync(string callId, string name, string host, CancellationToken cancellationToken);

    /// <summary>All privileges on these databases. Not found when the user or one of the databases does not exist.</summary>
    Task GrantAccessAsync(GrantAccess request, CancellationToken cancellationToken);

    /// <summary>Not found when the user has no access to it.</summary>
    Task RevokeAccessAsync(string callId, RevokeAccess request, CancellationToken cancellationToken);

    /// <summary>
    /// The administrator that users may ask for: everything but what would break the service. Also on its second call, with the new
    /// password.
    /// </summary>
    Task EnableRootAsync(string password, CancellationToken cancellationToken);

    /// <summary>Removes that administrator and ends its connections. Nothing to do when there is none.</summary>
    Task DisableRootAsync(CancellationToken cancellationToken);
}
