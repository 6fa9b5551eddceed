using Dbaas.Cloud.OpenStack.Neutron;

namespace Dbaas.Cloud.OpenStack.Networks;

/// <summary>The ports of one instance; null: there is none.</summary>
internal sealed record PortPair(NeutronPort? User, NeutronPort? Management)
{
    /// <summary>The one by which the control plane and the other members reach the instance.</summary>
    public NeutronPort? Main => Management ?? User;

    /// <summary>In the order of the guest's network cards: the user's first, management last.</summary>
    public IEnumerable<NeutronPort> InOrder => new[] { User, Management }.OfType<NeutronPort>();

    public static PortPair Of(IReadOnlyList<NeutronPort> ports, string key) =>
        new(Best(ports.Where(port => port.Name == Marks.Name(key))), Best(ports.Where(port => port.Name == Marks.ManagementName(key))));

    private static NeutronPort? Best(IEnumerable<NeutronPort> ports) => ports
        .OrderBy(port => string.IsNullOrEmpty(port.DeviceId))
        .ThenBy(port => port.CreatedAt)
        .ThenBy(port => port.Id, StringComparer.Ordinal)
        .FirstOrDefault();
}
