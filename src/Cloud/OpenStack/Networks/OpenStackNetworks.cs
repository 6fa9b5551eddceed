using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Networks;

/// <summary>Ports on the cloud.</summary>
internal sealed class OpenStackNetworks(
    NeutronClient neutron,
    PortFinder ports,
    SecurityGroups groups,
    FloatingAddresses floating,
    NetworkPermission permission,
    Marks marks,
    OpenStackOptions options) : INetworks
{
    public async Task<Port> EnsurePortAsync(PortSpec spec, CancellationToken cancellationToken)
    {
        var found = await ports.AllOfAsync(spec.Key, cancellationToken);
        var pair = PortPair.Of(found, spec.Key);
        await DeleteAsync(found.Except(pair.InOrder), cancellationToken);
        if (pair.User is null && spec.NetworkId is { } asked)
        {
            await permission.DemandAsync(asked, spec.Project, cancellationToken);
        }

        var own = await groups.EnsureAsync(spec.Key, spec.Access, cancellationToken);
        var members = await groups.EnsureMembersAsync(cancellationToken);
        var (user, management) = (pair.User, pair.Management);
        var wanted = spec.NetworkId ?? options.NetworkId;
        if (management is null && options.ManagementNetworkId is { } network)
        {
            // Users come to it too when it is the only one.
            string[] filters = [members, .. options.ManagementSecurityGroupIds, .. wanted is null ? [own] : Array.Empty<string>()];
            management = await MakeAsync(Marks.ManagementName(spec.Key), network, filters, [], cancellationToken);
        }

        if (user is null && wanted is not null)
        {
            user = await MakeAsync(
                Marks.Name(spec.Key), wanted, management is null ? [own, members] : [own], FixedIps(spec), cancellationToken);
        }

        return user is null && management is null
            ? throw new CloudException("This cloud has no usual network for instances: name one.", isTransient: false)
            : await WithPublicAddressAsync(spec.Key, new PortPair(user, management), spec.Access.IsPublic, cancellationToken);
    }

    public async Task<Port> EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken)
    {
        var pair = await ports.FindAsync(key, cancellationToken);
        if (pair.Main is null)
        {
            throw new CloudException($"There is no port {key}.", isTransient: false);
        }

        await groups.EnsureAsync(key, access, cancellationToken);
        return await WithPublicAddressAsync(key, pair, access.IsPublic, cancellationToken);
    }

    public async Task DeletePortAsync(string key, CancellationToken cancellationToken)
    {
        await floating.DeleteAsync(key, cancellationToken);
        await DeleteAsync(await ports.AllOfAsync(key, cancellationToken), cancellationToken);
        await groups.DeleteAsync(Marks.Name(key), cancellationToken);
        if ((await ports.AllAsync(cancellationToken)).Count == 0)
        {
            await groups.DeleteUnusedMembersAsync(cancellationToken);
        }
    }

    public async Task<IReadOnlyList<string>> ListPortsAsync(CancellationToken cancellationToken) =>
        [.. (await ports.AllAsync(cancellationToken)).Select(port => Marks.KeyIn(port.Name)).OfType<string>().Distinct()];

    public Task<IPAddress> EnsureHostAddressAsync(CancellationToken cancellationToken) => Task.FromResult(options.GatewayAddress);

    /// <summary>The cloud's operator decides what its servers reach.</summary>
    public Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<Port> WithPublicAddressAsync(string key, PortPair pair, bool isPublic, CancellationToken cancellationToken)
    {
        var shown = pair.User ?? pair.Main!;
        var addresses = shown.FixedIps.Select(ip => new PortAddress(IPAddress.Parse(ip.IpAddress), "private", shown.NetworkId)).ToList();
        if (isPublic)
        {
            var address = await floating.EnsureAsync(key, shown, cancellationToken);
            addresses.Add(new PortAddress(IPAddress.Parse(address.FloatingIpAddress), "public", address.FloatingNetworkId));
        }
        else
        {
            await floating.DeleteAsync(key, cancellationToken);
        }

        return new Port(PortFinder.AddressOf(pair.Main!), addresses);
    }

    private async Task<NeutronPort> MakeAsync(
        string name, string networkId, IReadOnlyList<string> groupIds, JsonArray fixedIps, CancellationToken cancellationToken)
    {
        var port = new JsonObject
        {
            ["name"] = name,
            ["description"] = marks.Description,
            ["network_id"] = networkId,
            ["security_groups"] = new JsonArray([.. groupIds.Select(id => (JsonNode)id)]),
        };
        if (fixedIps.Count > 0)
        {
            port["fixed_ips"] = fixedIps;
        }

        var reply = await neutron.CreatePortAsync(port, cancellationToken);
        return reply.IsSuccess ? NeutronClient.PortIn(reply) : throw RefusalOf(reply, networkId);
    }

    private static CloudException RefusalOf(CloudReply reply, string networkId) => reply.Error.Type switch
    {
        "NetworkNotFound" => reply.Refusal($"There is no network {networkId}."),
        "SubnetNotFound" => reply.Refusal("There is no such subnet."),
        "InvalidIpForNetwork" or "InvalidIpForSubnet" => reply.Refusal("The address asked for does not belong to the network."),
        "IpAddressInUse" or "IpAddressAlreadyAllocated" => reply.Refusal("The address asked for is in use already."),

        // The last port of the deployment went at this moment, and the members' group with it: the next call makes it anew.
        "SecurityGroupNotFound" => reply.NotNow(),
        "IpAddressGenerationFailure" => reply.Refusal("The network has no free address left."),
        _ => Faults.Of(reply),
    };

    private static JsonArray FixedIps(PortSpec spec)
    {
        var one = new JsonObject();
        if (spec.SubnetId is { } subnet)
        {
            one["subnet_id"] = subnet;
        }

        if (spec.RequestedAddress is { } address)
        {
            one["ip_address"] = address.ToString();
        }

        return one.Count == 0 ? [] : [one];
    }

    private async Task DeleteAsync(IEnumerable<NeutronPort> unwanted, CancellationToken cancellationToken)
    {
        foreach (var port in unwanted)
        {
            var reply = await neutron.DeletePortAsync(port.Id, cancellationToken);
            if (!reply.IsMissing)
            {
                reply.Required();
            }
        }
    }
}
