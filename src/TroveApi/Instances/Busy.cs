using Dbaas.Domain.Instances;

namespace Dbaas.TroveApi.Instances;

internal static class Busy
{
    /// <summary>What keeps an instance from being worked on: its status, and what goes on where the status does not show it.</summary>
    public static string Word(InstanceFacts facts) => NotAvailable.Word(facts.Status, facts.Operation?.Kind, facts.Instance.LockShared);
}
