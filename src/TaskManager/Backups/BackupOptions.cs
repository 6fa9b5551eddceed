using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups.Keys;

namespace Dbaas.TaskManager.Backups;

/// <summary>How backups are made.</summary>
public sealed record BackupOptions
{
    /// <summary>
    /// The operator's public key of <c>age</c>: backups can be opened with its private half, which the service never sees, but not those of
    /// projects with a key of their own. Null: none.
    /// </summary>
    public string? RecoveryRecipient { get; init; }

    /// <summary>A new slave may get its data from a backup of its master's, where that is the cheaper way.</summary>
    public bool SlavesFromBackups { get; init; } = true;

    /// <summary>Size of the objects in bytes. An agent holds a few of them in memory.</summary>
    public int PartBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>A backup is taken on a slave, where there is one that keeps up.</summary>
    public bool PreferSlaves { get; init; } = true;

    /// <summary>An agent reads a database no faster than this, in bytes a second; null: as fast as it can.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>How many backups are verified at once; 0: none is.</summary>
    public int VerifyAtOnce { get; init; } = 1;

    /// <summary>
    /// Who can open what is sealed from now on: the project with its own key, and nobody else; otherwise the service with a new key, and
    /// the operator.
    /// </summary>
    /// <param name="own">The project's own key; null: it has none.</param>
    /// <param name="keys">Makes keys.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Public keys, separated by blanks, and the private one; null: the project has it.</returns>
    public async Task<(string Recipients, string? Identity)> SealAsync(
        ProjectKey? own, IKeyMaker keys, CancellationToken cancellationToken)
    {
        if (own is not null)
        {
            return (own.Recipient, null);
        }

        var key = await keys.MakeAsync(cancellationToken);
        return (string.Join(' ', new[] { key.Recipient, RecoveryRecipient }.OfType<string>()), key.Identity);
    }
}
