using System.Text.Json.Nodes;

namespace Dbaas.Cloud.Ports;

/// <summary>A server to make.</summary>
public sealed record ServerSpec
{
    /// <summary>Our key: the instance's id.</summary>
    public required string Key { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The project and the datastore of the instance, as labels for the cloud's operators.</summary>
    public string Project { get; init; } = "";

    /// <summary>The datastore's name, for example <c>mariadb</c>.</summary>
    public string Datastore { get; init; } = "";

    /// <summary>One of <see cref="ICompute.ListFlavorsAsync"/>.</summary>
    public required string FlavorId { get; init; }

    /// <summary>What to run: a plane's own word for an image; empty: this plane's default.</summary>
    public required string Image { get; init; }

    /// <summary>Counts the root disks that this server has had: 1 at creation, one more with each rebuild.</summary>
    public int Build { get; init; } = 1;

    /// <summary>Key of a volume that exists.</summary>
    public required string VolumeKey { get; init; }

    /// <summary>Key of a port that exists.</summary>
    public required string PortKey { get; init; }

    /// <summary>One of <see cref="ICompute.ListZonesAsync"/>; null: any.</summary>
    public string? Zone { get; init; }

    /// <summary>Servers of one group are placed by its rule; null: no rule.</summary>
    public ServerGroup? Group { get; init; }

    /// <summary>
    /// The bootstrap document for the guest (GuestProtocol's <c>GuestBootstrap</c> as JSON), with a secret in it. The plane adds what only
    /// it knows: <c>address</c>, <c>volume_path</c>, <c>state_path</c>, <c>database_user_id</c>, <c>memory_mb</c>, <c>cpus</c>.
    /// </summary>
    public required JsonObject Bootstrap { get; init; }
}

/// <summary>Servers that are placed by one rule.</summary>
/// <param name="Key">Ours: the id of the set's first instance.</param>
/// <param name="Rule"><c>affinity</c>, <c>anti-affinity</c>, <c>soft-affinity</c> or <c>soft-anti-affinity</c>: all on one host, or each on
/// another.</param>
public sealed record ServerGroup(string Key, string Rule)
{
    /// <summary>For planes with one host, on which every rule but one is kept by itself.</summary>
    /// <exception cref="CloudException">Each server was to be on another host.</exception>
    public void RefuseOnOneHost()
    {
        if (Rule == "anti-affinity")
        {
            throw new CloudException(
                "This plane has one host, so its servers cannot be kept on different ones: leave locality away, or ask for "
                    + "soft-anti-affinity.",
                isTransient: false);
        }
    }
}
