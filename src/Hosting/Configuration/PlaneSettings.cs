namespace Dbaas.Hosting.Configuration;

/// <summary>Where servers are made.</summary>
public enum PlaneKind
{
    /// <summary>Process trees of this machine.</summary>
    Local,

    /// <summary>Virtual machines of a libvirt.</summary>
    Libvirt,

    /// <summary>Servers of an OpenStack cloud.</summary>
    OpenStack,
}

/// <summary>Which libvirt, and what of it.</summary>
public sealed record LibvirtSetting
{
    /// <summary>Where libvirt is, in its own words.</summary>
    public string Uri { get; init; } = "qemu:///system";

    /// <summary>The storage pool.</summary>
    public string Pool { get; init; } = "dbaas";

    /// <summary>The pool's folder, to make the pool when it does not exist; null: it exists.</summary>
    public string? PoolPath { get; init; }

    /// <summary>A network of libvirt's; null: one of the service's own.</summary>
    public string? Network { get; init; }

    /// <summary>Other networks of libvirt's that users may name.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>How the service's own network is joined to others: <c>route</c>, <c>nat</c>, <c>open</c> or <c>none</c>.</summary>
    public string Forward { get; init; } = "route";

    /// <summary>Images (qcow2) by name.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();
}

/// <summary>Which cloud, as whom, and what of it.</summary>
public sealed record OpenStackSetting : KeystoneSetting
{
    /// <summary>The address of this machine that guests reach.</summary>
    public string GatewayAddress { get; init; } = "";

    /// <summary>Whose endpoints; null: the catalogue's only region.</summary>
    public string? Region { get; init; }

    /// <summary><c>public</c>, <c>internal</c> or <c>admin</c>.</summary>
    public string Interface { get; init; } = "public";

    /// <summary>The guests' image: an id, <c>tags:a,b</c>, or a name.</summary>
    public string Image { get; init; } = "tags:dbaas-guest";

    /// <summary>The network of instances that name none.</summary>
    public string? NetworkId { get; init; }

    /// <summary>A second network for control plane and members.</summary>
    public string? ManagementNetworkId { get; init; }

    /// <summary>Where public addresses come from; null: the first external network.</summary>
    public string? PublicNetworkId { get; init; }

    /// <summary>Size of a root volume; 0: the root is a disk of the host.</summary>
    public int RootVolumeGb { get; init; }

    /// <summary>False where the storage cannot extend a volume that is attached.</summary>
    public bool ExtendsAttachedVolumes { get; init; } = true;
}
