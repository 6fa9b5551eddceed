namespace Dbaas.TroveApi.Instances;

internal static class Busy
{
    /// <summary>What keeps an instance from being worked on: its status, and what goes on where the status does not show it.</summary>
    public static string Word(InstanceFacts facts) => facts switch
    {
        { Status.IsActive: false } => facts.Status.Status,
        { Status.Status: "BACKUP" } => facts.Status.Status,
        { Operation: { } operation } => $"ACTIVE, {operation.Kind} under way",
        { Instance.LockShared: > 0 } => "ACTIVE, work on a replica of it under way",
        _ => "ACTIVE",
    };
}
