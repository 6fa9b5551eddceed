using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TaskManager.Operations.CreateBackup;

/// <summary>What the making of a backup remembers.</summary>
public sealed record CreateBackupState
{
    /// <summary>What the agent wrote; null until it did.</summary>
    public BackupMade? Made { get; init; }
}
