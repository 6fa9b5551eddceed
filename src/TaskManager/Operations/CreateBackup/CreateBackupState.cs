using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TaskManager.Operations.CreateBackup;

/// <summary>What the making of a backup remembers.</summary>
public sealed record CreateBackupState
{
    /// <summary>The slave that it is taken on; null: the instance itself.</summary>
    public string? TakenOn { get; init; }

    /// <summary>The position that the slave must have reached first.</summary>
    public OpaqueDocument? Behind { get; init; }

    /// <summary>What the agent wrote; null until it did.</summary>
    public BackupMade? Made { get; init; }
}
