using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.Conformance;

/// <summary>Calls that nobody made before.</summary>
public static class NewCalls
{
    private static string NewId => Guid.CreateVersion7().ToString();

    /// <summary>Makes databases.</summary>
    public static Task CreateDatabasesAsync(
        this IAccounts accounts, IReadOnlyList<DatabaseSpec> databases, CancellationToken cancellationToken) =>
        accounts.CreateDatabasesAsync(NewId, databases, cancellationToken);

    /// <summary>Removes one.</summary>
    public static Task DeleteDatabaseAsync(this IAccounts accounts, string name, CancellationToken cancellationToken) =>
        accounts.DeleteDatabaseAsync(NewId, name, cancellationToken);

    /// <summary>Makes users.</summary>
    public static Task CreateUsersAsync(this IAccounts accounts, IReadOnlyList<UserSpec> users, CancellationToken cancellationToken) =>
        accounts.CreateUsersAsync(NewId, users, cancellationToken);

    /// <summary>Changes one.</summary>
    public static Task UpdateUserAsync(this IAccounts accounts, UpdateUser request, CancellationToken cancellationToken) =>
        accounts.UpdateUserAsync(NewId, request, cancellationToken);

    /// <summary>Removes one.</summary>
    public static Task DeleteUserAsync(this IAccounts accounts, string name, string host, CancellationToken cancellationToken) =>
        accounts.DeleteUserAsync(NewId, name, host, cancellationToken);

    /// <summary>Loads, and nobody watches.</summary>
    public static Task LoadAsync(this IReplication replication, OpaqueDocument snapshot, CancellationToken cancellationToken) =>
        replication.LoadReplicationSnapshotAsync(snapshot, [], new CountedProgress(), cancellationToken);

    /// <summary>Makes a slave.</summary>
    public static async Task LoadAndAttachAsync(
        this IReplication replication, OpaqueDocument snapshot, CancellationToken cancellationToken)
    {
        await replication.LoadAsync(snapshot, cancellationToken);
        await replication.AttachReplicationSlaveAsync(snapshot, cancellationToken);
    }

    /// <summary>Takes access away.</summary>
    public static Task RevokeAccessAsync(this IAccounts accounts, RevokeAccess request, CancellationToken cancellationToken) =>
        accounts.RevokeAccessAsync(NewId, request, cancellationToken);
}
