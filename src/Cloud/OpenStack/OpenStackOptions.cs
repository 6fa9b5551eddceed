using System.Net;

namespace Dbaas.Cloud.OpenStack;

/// <summary>What the OpenStack plane is told. Servers, volumes and ports belong to the account's project.</summary>
public sealed class OpenStackOptions : CloudOptions
{
    /// <summary>Marks what is ours on the cloud: the control plane's deployment id. Letters, digits, dashes; 36 at most.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>The address on which the gateway listens for guests: one that they reach.</summary>
    public required IPAddress GatewayAddress { get; init; }

    /// <summary>How long a fence waits for the power to be off.</summary>
    public TimeSpan FenceTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The guests' image: an id, <c>tags:a,b</c> for the newest with these tags, or a name for the newest of that name.</summary>
    public string Image { get; init; } = "tags:dbaas-guest";

    /// <summary>
    /// The network of instances that name none; null: the management network alone, or, without one, a network must be named.
    /// </summary>
    public string? NetworkId { get; init; }

    /// <summary>
    /// A second network of every server, by which control plane and other members reach it; null: they use the user's network.
    /// </summary>
    public string? ManagementNetworkId { get; init; }

    /// <summary>More security groups for the ports on the management network.</summary>
    public IReadOnlyList<string> ManagementSecurityGroupIds { get; init; } = [];

    /// <summary>Where public addresses come from; null: the first external network.</summary>
    public string? PublicNetworkId { get; init; }

    /// <summary>Size of a root volume; 0: the root is a disk of the host, as large as the flavor says.</summary>
    public int RootVolumeGb { get; init; }

    /// <summary>The volume type of a root volume; null: the cloud's default.</summary>
    public string? RootVolumeType { get; init; }

    /// <summary>False where the storage cannot extend a volume that is attached: it is then detached while its server is stopped.</summary>
    public bool ExtendsAttachedVolumes { get; init; } = true;
}
