using Dbaas.Cloud.Ports;

namespace Dbaas.TaskManager.Backups;

/// <summary>How backups are made.</summary>
public sealed record BackupOptions
{
    /// <summary>
    /// The operator's public key of <c>age</c>: every backup can be opened with its private half, which the service never sees. Null: none.
    /// </summary>
    public string? RecoveryRecipient { get; init; }

    /// <summary>Size of the objects in bytes. An agent holds a few of them in memory.</summary>
    public int PartBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Who can open what is sealed for this key: it, and the operator.</summary>
    public (string Recipients, string Identity) Seal(BackupKey key) =>
        (string.Join(' ', new[] { key.Recipient, RecoveryRecipient }.OfType<string>()), key.Identity);
}
