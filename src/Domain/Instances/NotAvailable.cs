namespace Dbaas.Domain.Instances;

/// <summary>Says that something cannot be done with an instance now, in Trove's words.</summary>
public static class NotAvailable
{
    /// <summary>The sentence.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="status">What keeps it.</param>
    public static string Because(string instanceId, string status) =>
        $"Instance {instanceId} is not currently available for an action to be performed (instance status was {status}).";

    /// <summary>What keeps an instance from being worked on: its status, and what goes on where the status does not show it.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="operationKind">What owns it or is going to; null: nothing does.</param>
    /// <param name="shared">How many operations share it.</param>
    public static string Word(PublicStatus status, string? operationKind, int shared) => (status, operationKind, shared) switch
    {
        ({ IsActive: false }, _, _) or ({ Status: "BACKUP" }, _, _) => status.Status,
        (_, { } kind, _) => $"ACTIVE, {kind} under way",
        (_, _, > 0) => "ACTIVE, work on a replica of it under way",
        _ => "ACTIVE",
    };
}
