using System.Net;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt;

/// <summary>What the libvirt plane is told.</summary>
public sealed record LibvirtOptions
{
    /// <summary>Where libvirt is, in its own words.</summary>
    public string Uri { get; init; } = "qemu:///system";

    /// <summary>
    /// Tells what is ours from what another service has with the same libvirt. Everything that we make is named after it.
    /// </summary>
    public required string Deployment { get; init; }

    /// <summary>The storage pool for disks.</summary>
    public string Pool { get; init; } = "dbaas";

    /// <summary>The pool's folder on libvirt's host, to make the pool there when it does not exist; null: it exists.</summary>
    public string? PoolPath { get; init; }

    /// <summary>A network of libvirt's with addresses that it gives out (DHCP); null: one of our own.</summary>
    public string? Network { get; init; }

    /// <summary>
    /// Other networks of libvirt's that users may name. What is in none of these two is not for them: it may be the host's own.
    /// </summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>The /24 of our own network, for example <c>10.99.5.0/24</c>; null: a free one of 10.89.0.0/16.</summary>
    public string? Subnet { get; init; }

    /// <summary>
    /// How our own network is joined to the host's others, in libvirt's words: <c>route</c>, <c>nat</c>, <c>open</c>; or <c>none</c>.
    /// </summary>
    public string Forward { get; init; } = "route";

    /// <summary>Where guests reach the gateway; null: the host's address in the network.</summary>
    public IPAddress? HostAddress { get; init; }

    /// <summary>
    /// Images (qcow2, as <c>./dbaas image build</c> makes them) by name. A server for which none is named gets its datastore's; or the
    /// only one.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Images { get; init; }

    /// <summary>How long a guest that was asked to stop may take before its power is cut.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The sizes on offer.</summary>
    public IReadOnlyList<CloudFlavor> Flavors { get; init; } =
    [
        new("1", "m1.tiny", 512, 1, 2),
        new("2", "m1.small", 1024, 1, 2),
        new("3", "m1.medium", 2048, 2, 2),
        new("4", "m1.large", 4096, 2, 2),
        new("5", "m1.xlarge", 8192, 4, 2),
        new("7", "d1.tiny", 512, 1, 2),
        new("8", "d1.small", 768, 1, 2),
        new("9", "d1.medium", 1024, 2, 2),
        new("10", "d1.large", 2048, 1, 2),
    ];
}
