using System.Net;

namespace Dbaas.OpenStack.Tier.Guests;

/// <summary>A port of Neutron's that a server has: what its interface gets.</summary>
/// <param name="Network">Where it is plugged in.</param>
/// <param name="LinkAddress">Its MAC address.</param>
/// <param name="Address">Its address.</param>
internal sealed record Cable(GuestNetwork Network, string LinkAddress, IPAddress Address);
