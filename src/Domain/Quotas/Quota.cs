namespace Dbaas.Domain.Quotas;

/// <summary>How much of one resource a project uses.</summary>
public sealed record Quota
{
    /// <summary>One of <see cref="QuotaResources"/>.</summary>
    public string Resource { get; init; } = "";

    /// <summary>Taken.</summary>
    public long InUse { get; init; }

    /// <summary>Set aside.</summary>
    public long Reserved { get; init; }

    /// <summary>At most so much; -1: no limit.</summary>
    public long HardLimit { get; init; }
}

/// <summary>The resources that are counted, in the order in which they are taken.</summary>
public static class QuotaResources
{
    /// <summary>Backups, counted.</summary>
    public const string Backups = "backups";

    /// <summary>Instances, counted.</summary>
    public const string Instances = "instances";

    /// <summary>Memory in MB.</summary>
    public const string Ram = "ram";

    /// <summary>Volume sizes in GB.</summary>
    public const string Volumes = "volumes";

    /// <summary>Schedules of backups, counted. Not one of Trove's: it is the service's own limit, and not shown among them.</summary>
    public const string BackupSchedules = "backup_schedules";

    /// <summary>Trove's.</summary>
    public static IReadOnlyList<string> All { get; } = [Backups, Instances, Ram, Volumes];
}
