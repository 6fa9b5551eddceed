namespace Dbaas.Domain.Operations;

/// <summary>The names of the workflows.</summary>
public static class OperationKinds
{
    /// <summary>Those that own all members of a set.</summary>
    public static IReadOnlyList<string> OfWholeSets { get; } = [Promote, EjectMaster];

    /// <summary>A stand-alone instance.</summary>
    public const string CreateInstance = "create-instance";

    /// <summary>A stand-alone instance with the data of a backup.</summary>
    public const string RestoreInstance = "restore-instance";

    /// <summary>A backup of an instance that goes on serving.</summary>
    public const string CreateBackup = "create-backup";

    /// <summary>A backup that another service took is made known.</summary>
    public const string RegisterBackup = "register-backup";

    /// <summary>A backup goes, and before it those that follow on it.</summary>
    public const string DeleteBackup = "delete-backup";

    /// <summary>A backup is restored on a hidden instance, and its data is read as a whole.</summary>
    public const string VerifyBackup = "verify-backup";

    /// <summary>The log of an instance is archived, while that goes on serving.</summary>
    public const string ArchiveLog = "archive-log";

    /// <summary>An archived log goes that no backup needs.</summary>
    public const string DeleteLog = "delete-log";

    /// <summary>What a database has logged for people is published, or what was published goes.</summary>
    public const string PublishLog = "publish-log";

    /// <summary>An instance that follows a master.</summary>
    public const string CreateSlave = "create-slave";

    /// <summary>Everything of an instance goes.</summary>
    public const string DeleteInstance = "delete-instance";

    /// <summary>An instance is deleted once a last backup of it is complete.</summary>
    public const string DeleteAfterBackup = "delete-after-backup";

    /// <summary>A slave becomes independent; a master without slaves is demoted.</summary>
    public const string DetachSlave = "detach-slave";

    /// <summary>A slave becomes the master, while the master serves; the others, and the former master, follow it.</summary>
    public const string Promote = "promote";

    /// <summary>A master that does not answer is switched off and leaves its set; a slave becomes the master.</summary>
    public const string EjectMaster = "eject-master";

    /// <summary>The database server stops and starts.</summary>
    public const string Restart = "restart";

    /// <summary>A master without slaves goes back to the state before replication.</summary>
    public const string DemoteMaster = "demote-master";

    /// <summary>A master drops what it keeps for a slave that is gone.</summary>
    public const string ForgetSlave = "forget-slave";

    /// <summary>A volume gets larger.</summary>
    public const string ResizeVolume = "resize-volume";

    /// <summary>An instance gets another flavor.</summary>
    public const string ResizeFlavor = "resize-flavor";

    /// <summary>An instance's whole server is rebooted.</summary>
    public const string Reboot = "reboot";

    /// <summary>An instance's server moves to another host.</summary>
    public const string Migrate = "migrate";

    /// <summary>An instance's server runs from a fresh root disk, or is made anew, with the volume that it had.</summary>
    public const string Rebuild = "rebuild";

    /// <summary>An instance whose host is dead gets its server on another one, with the volume that it had.</summary>
    public const string Evacuate = "evacuate";

    /// <summary>The database server stops, and stays so.</summary>
    public const string StopDatabase = "stop-database";

    /// <summary>Another rule for who may reach an instance.</summary>
    public const string UpdateAccess = "update-access";

    /// <summary>A database gets the values of its configuration group, or is taken off it; it goes on serving.</summary>
    public const string ApplyConfiguration = "apply-configuration";

    /// <summary>An instance's agent is replaced by another release of it; the database goes on serving.</summary>
    public const string UpgradeAgent = "upgrade-agent";
}
