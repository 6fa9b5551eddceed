using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Local.Networks;

/// <summary>
/// A bridge for the plane, and for each server a network namespace with one link to it. A server knows its own /24 and nothing else: there
/// is no default route and no address translation, so it reaches the host on .1 and its neighbours, and neither the world nor the metadata
/// address 169.254.169.254.
/// </summary>
internal sealed class BridgeNetwork(PlanePaths paths, string? configured, TimeProvider time) : IServerNetwork
{
    private const string Namespaces = "/run/netns";
    private const string GuestLink = "eth0";
    private readonly SubnetClaims _claims = new(paths);
    private Subnet? _verified;

    public IReadOnlyList<string> NotEnforced => [];

    public IPAddress HostAddress(Subnet subnet) => subnet.Host;

    public async Task<Subnet> EnsureAsync(CancellationToken cancellationToken)
    {
        if (_verified is { } known && LinkExists(paths.Bridge))
        {
            return known;
        }

        Folders.MakePrivate(paths.Root);
        using var held = await TakeMachineAsync(cancellationToken);
        var record = RecordFile.Read<PlaneRecord>(paths.Plane);
        if (record is { Isolated: false })
        {
            throw new CloudException(
                $"Servers of {paths.Root} are not kept apart: it was made where that could not be done. Use another state folder.",
                isTransient: false);
        }

        var subnet = await ChooseAsync(record?.Subnet ?? configured, cancellationToken);
        _claims.Make();
        if (record is null)
        {
            RecordFile.Write(paths.Plane, new PlaneRecord(subnet.ToString(), Isolated: true));
        }

        await EnsureBridgeAsync(subnet, cancellationToken);
        _verified = subnet;
        return subnet;
    }

    /// <summary>Agents run as root in their namespaces: what the host offers to others is not for them.</summary>
    public async Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        using var held = await TakeMachineAsync(cancellationToken);
        HostFilter.AddGateway(paths, port);
        await HostCommand.RunAsync("nft", ["-f", HostFilter.Write(paths, HostFilter.Rules(paths))], cancellationToken);
    }

    public async Task EnsureServerAsync(string key, IPAddress address, CancellationToken cancellationToken)
    {
        var name = paths.Namespace(key);
        var link = LinkOf(address);
        if (MountTable.At(Path.Combine(Namespaces, name)) is null)
        {
            // A file that is not a mount is what a cut-off `ip netns add`, or a reboot, leaves.
            await RemoveServerAsync(key, address, cancellationToken);
            await IpAsync(cancellationToken, "netns", "add", name);
        }

        if (!LinkExists(link))
        {
            await IpAsync(cancellationToken, "link", "add", link, "type", "veth", "peer", "name", GuestLink, "netns", name);
        }

        await IpAsync(cancellationToken, "link", "set", link, "master", paths.Bridge, "up");
        await IpInsideAsync(name, cancellationToken, "addr", "replace", $"{address}/{Subnet.PrefixLength}", "dev", GuestLink);
        await IpInsideAsync(name, cancellationToken, "link", "set", GuestLink, "up");
        await IpInsideAsync(name, cancellationToken, "link", "set", "lo", "up");
    }

    /// <summary>
    /// Other members, and nobody else, reach every port: what they say to each other is proved by certificates and passwords.
    /// </summary>
    public async Task EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken)
    {
        var subnet = await EnsureAsync(cancellationToken);
        var file = PacketFilter.Write(paths, key, PacketFilter.Rules(access, subnet));
        await HostCommand.RunAsync(
            "nsenter", [$"--net={Path.Combine(Namespaces, paths.Namespace(key))}", "nft", "-f", file], cancellationToken);
    }

    // Not `ip netns exec`: that makes a mount namespace too, whose copies of the other servers' mounts would keep their volumes busy.
    public IReadOnlyList<string> Inside(string key, IReadOnlyList<string> commandLine) =>
        ["/usr/bin/nsenter", $"--net={Path.Combine(Namespaces, paths.Namespace(key))}", .. commandLine];

    public async Task<IReadOnlyList<int>> ProcessesAsync(string key, CancellationToken cancellationToken)
    {
        var name = paths.Namespace(key);
        if (MountTable.At(Path.Combine(Namespaces, name)) is null)
        {
            return [];
        }

        var output = await IpAsync(cancellationToken, "netns", "pids", name);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    public async Task RemoveServerAsync(string key, IPAddress? address, CancellationToken cancellationToken)
    {
        // The link first and by name: the kernel removes those of a namespace some time after it is gone.
        if (address is not null && LinkExists(LinkOf(address)))
        {
            await IpUnlessGoneAsync(() => LinkExists(LinkOf(address)), cancellationToken, "link", "delete", LinkOf(address));
        }

        var file = Path.Combine(Namespaces, paths.Namespace(key));
        if (File.Exists(file))
        {
            await IpUnlessGoneAsync(() => File.Exists(file), cancellationToken, "netns", "delete", paths.Namespace(key));
        }
    }

    public IReadOnlyList<string> Keys() =>
        Directory.Exists(Namespaces)
            ? [
                .. Directory.EnumerateFiles(Namespaces, paths.NamespacePrefix + "*")
                .Select(f => Path.GetFileName(f)[paths.NamespacePrefix.Length..]),
            ]
            : [];

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        _verified = null;
        await HostCommand.RunAsync("nft", ["-f", HostFilter.Write(paths, HostFilter.NoRules(paths))], cancellationToken);
        if (LinkExists(paths.Bridge))
        {
            await IpUnlessGoneAsync(() => LinkExists(paths.Bridge), cancellationToken, "link", "delete", paths.Bridge);
        }

        using var held = await TakeMachineAsync(cancellationToken);
        _claims.Drop();
    }

    // All services of the machine choose and take their subnets under one lock.
    private async Task<FileLock> TakeMachineAsync(CancellationToken cancellationToken)
    {
        Folders.MakePassable(PlanePaths.SharedRun);
        return await FileLock.TakeAsync(Path.Combine(PlanePaths.SharedRun, "lock"), time, cancellationToken);
    }

    private async Task<Subnet> ChooseAsync(string? wanted, CancellationToken cancellationToken)
    {
        var used = await UsedByOthersAsync(cancellationToken);
        if (wanted is not null)
        {
            var subnet = Subnet.Parse(wanted);
            return used.Any(subnet.Overlaps)
                ? throw new CloudException(
                    $"The subnet {subnet} of this service is in use by something else on this machine.", isTransient: true)
                : subnet;
        }

        return Enumerable.Range(0, 256).Select(c => (Subnet?)new Subnet(10, 88, (byte)c)).FirstOrDefault(s => !used.Any(s!.Value.Overlaps))
            ?? throw new CloudException("No /24 of 10.88.0.0/16 is free on this machine.", isTransient: true);
    }

    private async Task<IReadOnlyList<IPNetwork>> UsedByOthersAsync(CancellationToken cancellationToken)
    {
        var addresses = JsonNode.Parse(await IpAsync(cancellationToken, "-j", "-4", "addr"))!.AsArray()
            .Where(link => (string?)link?["ifname"] != paths.Bridge)
            .SelectMany(link => link?["addr_info"]?.AsArray() ?? [])
            .Select(info => $"{info?["local"]}/{info?["prefixlen"]}");
        var routes = JsonNode.Parse(await IpAsync(cancellationToken, "-j", "-4", "route", "show", "table", "all"))!.AsArray()
            .Where(route => (string?)route?["dev"] != paths.Bridge)
            .Select(route => (string?)route?["dst"] ?? "default")
            .Select(destination => destination.Contains('/') ? destination : destination + "/32");
        return [
            .. addresses.Concat(routes).Select(NetworkOf).OfType<IPNetwork>(), .. _claims.OfOthers().Select(claim => claim.ToNetwork()),
        ];
    }

    private async Task EnsureBridgeAsync(Subnet subnet, CancellationToken cancellationToken)
    {
        if (!LinkExists(paths.Bridge))
        {
            // A hardware address of its own: otherwise it changes with every server that comes and goes, and neighbours lose the host.
            var bytes = Convert.FromHexString(paths.Hash);
            var hardware = $"02:db:{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}";
            await IpAsync(cancellationToken, "link", "add", paths.Bridge, "address", hardware, "type", "bridge");
        }

        await IpAsync(cancellationToken, "addr", "replace", $"{subnet.Host}/{Subnet.PrefixLength}", "dev", paths.Bridge);
        await IpAsync(cancellationToken, "link", "set", paths.Bridge, "up");
    }

    private string LinkOf(IPAddress address) => paths.HostLink(address.GetAddressBytes()[3]);

    private static IPNetwork? NetworkOf(string text)
    {
        var parts = text.Split('/');
        if (!IPAddress.TryParse(parts[0], out var address) || !int.TryParse(parts[^1], out var length))
        {
            return null;
        }

        var bits = length == 0 ? 0 : uint.MaxValue << (32 - length);
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) & bits;
        return new IPNetwork(new IPAddress([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]), length);
    }

    private static bool LinkExists(string name) => Directory.Exists("/sys/class/net/" + name);

    private static Task<string> IpAsync(CancellationToken cancellationToken, params string[] arguments) =>
        HostCommand.RunAsync("ip", arguments, cancellationToken);

    // Not `ip -n`: that makes a mount namespace too, which a root that is no mount point (a chroot) refuses.
    private static Task<string> IpInsideAsync(string name, CancellationToken cancellationToken, params string[] arguments) =>
        HostCommand.RunAsync("nsenter", [$"--net={Path.Combine(Namespaces, name)}", "ip", .. arguments], cancellationToken);

    private static async Task IpUnlessGoneAsync(Func<bool> isThere, CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await HostCommand.TryAsync("ip", arguments, cancellationToken);
        if (!result.IsSuccess && isThere())
        {
            throw HostCommand.Failure($"ip failed ({result.ExitCode}).", result);
        }
    }
}
