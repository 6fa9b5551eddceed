using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;

namespace Dbaas.Domain.Backups;

/// <summary>When a backup may be begun, whoever asks for it: a user, or a schedule.</summary>
public static class BackupRules
{
    /// <summary>What stands in the way.</summary>
    /// <returns>Null: nothing does.</returns>
    public static BackupObstacle? WhyNot(BackupSeen seen)
    {
        var (instance, agent) = (seen.Instance, seen.Agent);
        if (seen.AgentTooOld is { } why)
        {
            return new(BackupObstacleKind.TooOld, why);
        }

        if (agent is not null && !agent.Capabilities.Contains("backups", StringComparison.Ordinal))
        {
            return new(BackupObstacleKind.Unsupported, $"Backups are not supported for the '{seen.DatastoreName}' datastore yet.");
        }

        if (agent is not null && seen.Follows && instance.BinaryLog != BinaryLogChoice.Always
            && agent.Capabilities.Contains("backups-follow-by-log", StringComparison.Ordinal))
        {
            return new(
                BackupObstacleKind.CannotFollow,
                $"A backup of '{seen.DatastoreName}' that follows on another one is made from the binary log, and this instance "
                    + "does not always keep it: take a full one, or create instances with binary_log: always.");
        }

        var word = seen.Status is { IsActive: false } or { Status: "BACKUP" } || seen.OperationKind is not null
            ? NotAvailable.Word(seen.Status, seen.OperationKind, shared: 0)
            : seen.IsHealthy ? null : seen.Status.OperatingStatus;
        return word is null ? null : new(BackupObstacleKind.NotNow, NotAvailable.Because(instance.Id, word));
    }
}

/// <summary>What is seen of an instance that is to be backed up.</summary>
public sealed record BackupSeen
{
    /// <summary>Its row.</summary>
    public required Instance Instance { get; init; }

    /// <summary>Its status.</summary>
    public required PublicStatus Status { get; init; }

    /// <summary>Its database answers, as far as is known.</summary>
    public required bool IsHealthy { get; init; }

    /// <summary>The operation that owns it or is going to take it over; null: none.</summary>
    public string? OperationKind { get; init; }

    /// <summary>What it runs.</summary>
    public required string DatastoreName { get; init; }

    /// <summary>Its agent; null: it was never heard of.</summary>
    public AgentFacts? Agent { get; init; }

    /// <summary>Why its agent cannot be asked for backups at all; null: it can.</summary>
    public string? AgentTooOld { get; init; }

    /// <summary>The backup is to follow on another one.</summary>
    public bool Follows { get; init; }
}
