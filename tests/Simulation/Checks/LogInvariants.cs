using Dbaas.Domain.Logs;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.Simulation.Checks;

/// <summary>What must hold of published logs whenever everything has come to rest.</summary>
internal static class LogInvariants
{
    public static IReadOnlyList<PublishedLog> All(IUnit unit) =>
        unit.Query<string>("SELECT id FROM guest_logs ORDER BY id").Select(id => GuestLogRows.Find(unit, id)!).ToList();

    public static void Check(IUnit unit, World world, Findings findings)
    {
        var logs = All(unit).Where(log => !log.Deleted).ToList();
        findings.Add("nobody publishes a log", logs.Where(log => log.LockOwner is not null).Select(log => log.Name));
        findings.Add("each part of a published log is there", logs
            .Where(log => GuestLogRows.Parts(unit, log.Id)
                .Any(part => world.Objects.All.GetValueOrDefault(log.Place)?.Contains(part.Object) is not true))
            .Select(log => log.Name));
    }
}
