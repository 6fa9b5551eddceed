namespace Dbaas.TaskManager.Operations.DeleteAfterBackup;

/// <summary>What a deletion behind a last backup remembers.</summary>
public sealed record DeleteAfterBackupState
{
    /// <summary>The backup that it waits for.</summary>
    public required string BackupId { get; init; }

    /// <summary>The deletion is begun: by this operation, or by a request that did not want to wait.</summary>
    public bool IsBegun { get; init; }
}
