using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Networks;

/// <summary>Addresses that are reached from outside of the cloud.</summary>
internal sealed class FloatingAddresses(NeutronClient neutron, Marks marks, OpenStackOptions options)
{
    public async Task<NeutronFloatingIp> EnsureAsync(string key, NeutronPort port, CancellationToken cancellationToken)
    {
        // It is made for the port in one call, so a lost answer's is found by the port.
        if ((await AllOfAsync(key, cancellationToken)).FirstOrDefault(one => one.PortId == port.Id) is { } found)
        {
            return found;
        }

        var reply = await neutron.CreateFloatingIpAsync(
            new JsonObject
            {
                ["floating_network_id"] = await NetworkAsync(cancellationToken),
                ["port_id"] = port.Id,
                ["description"] = marks.FloatingDescription(key),
            },
            cancellationToken);
        return reply.Error.Type is "ExternalGatewayForFloatingIPNotFound"
            ? throw reply.Refusal("The instance's network has no router to the outside, which a public address needs.")
            : NeutronClient.FloatingIpIn(reply);
    }

    public Task<IReadOnlyList<NeutronFloatingIp>> AllOfAsync(string key, CancellationToken cancellationToken) =>
        neutron.ListFloatingIpsAsync("description=" + Uri.EscapeDataString(marks.FloatingDescription(key)), cancellationToken);

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        foreach (var address in await AllOfAsync(key, cancellationToken))
        {
            var reply = await neutron.DeleteFloatingIpAsync(address.Id, cancellationToken);
            if (!reply.IsMissing)
            {
                reply.Required();
            }
        }
    }

    private async Task<string> NetworkAsync(CancellationToken cancellationToken) =>
        options.PublicNetworkId
        ?? (await neutron.ListExternalNetworksAsync(cancellationToken) is [var first, ..] ? first.Id : null)
        ?? throw new CloudException("This cloud has no network for public addresses.", isTransient: false);
}
