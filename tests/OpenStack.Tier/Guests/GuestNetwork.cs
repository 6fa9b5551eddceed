using System.Net;
using System.Net.NetworkInformation;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.OpenStack.Tier.Guests;

/// <summary>
/// A network of Neutron's on this machine: a bridge that guests are plugged into, with the subnet's gateway address as this host's own. The
/// lab ends it too, by its file, should the tests not come to that.
/// </summary>
internal sealed class GuestNetwork : IAsyncDisposable
{
    private readonly string _file;

    private GuestNetwork(string id, string bridge, IPNetwork subnet, IPAddress gateway)
    {
        (Id, Bridge, Subnet, Gateway) = (id, bridge, subnet, gateway);
        _file = Path.Combine(Lab.RunFolder, bridge + ".bridge");
    }

    public string Id { get; }

    public string Bridge { get; }

    public IPNetwork Subnet { get; }

    /// <summary>Where guests reach this machine.</summary>
    public IPAddress Gateway { get; }

    /// <summary>A /24 of 10.78.0.0/16 that this machine does not know yet.</summary>
    public static IPNetwork FreeSubnet()
    {
        var known = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .ToList();
        return Enumerable.Range(0, 256)
            .OrderBy(_ => Random.Shared.Next())
            .Select(third => new IPNetwork(new IPAddress([10, 78, (byte)third, 0]), 24))
            .First(subnet => !known.Exists(subnet.Contains));
    }

    public static async Task<GuestNetwork> MakeAsync(RawCloud cloud, string id)
    {
        var subnet = (await cloud.GetAsync(CloudService.Network, "v2.0/subnets?network_id=" + id))["subnets"]!.AsArray().Single()!;
        var network = new GuestNetwork(
            id,
            "dbos" + id[..8],
            IPNetwork.Parse(subnet["cidr"]!.GetValue<string>()),
            IPAddress.Parse(subnet["gateway_ip"]!.GetValue<string>()));
        await File.WriteAllTextAsync(network._file, network.Bridge);
        await Tool.RunAsync("ip", "link", "add", network.Bridge, "type", "bridge");
        await Tool.RunAsync("ip", "address", "add", $"{network.Gateway}/{network.Subnet.PrefixLength}", "dev", network.Bridge);
        await Tool.RunAsync("ip", "link", "set", network.Bridge, "up");
        return network;
    }

    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync("ip", "link", "delete", Bridge);
        File.Delete(_file);
    }
}
