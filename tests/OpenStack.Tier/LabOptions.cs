using System.Net;
using Dbaas.Cloud.OpenStack;
using Dbaas.Keystone;

namespace Dbaas.OpenStack.Tier;

/// <summary>What differs between the planes of these tests.</summary>
internal sealed record LabOptions
{
    public required string User { get; init; }

    public required string Project { get; init; }

    public string? Password { get; init; }

    public (string Id, string Secret)? ApplicationCredential { get; init; }

    public string Deployment { get; init; } = Lab.NewDeployment();

    /// <summary>By id; null: the project's network <c>users</c>.</summary>
    public string? NetworkId { get; init; }

    public string? ManagementNetworkId { get; init; }

    public bool ExtendsAttachedVolumes { get; init; } = true;

    public int RootVolumeGb { get; init; }

    public FaultProxy? Through { get; init; }

    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(120);

    public OpenStackOptions Build() => new()
    {
        Account = new KeystoneAccount
        {
            AuthUrl = Through?.AuthUrl ?? Lab.AuthUrl,
            UserName = User,
            Password = Password ?? Lab.Password,
            ProjectName = Project,
            ApplicationCredentialId = ApplicationCredential?.Id,
            ApplicationCredentialSecret = ApplicationCredential?.Secret,
        },
        Endpoints = Through?.Endpoints ?? new Dictionary<string, Uri>(),
        DeploymentId = Deployment,
        GatewayAddress = IPAddress.Loopback,
        Region = "RegionOne",
        NetworkId = NetworkId,
        ManagementNetworkId = ManagementNetworkId,
        ExtendsAttachedVolumes = ExtendsAttachedVolumes,
        RootVolumeGb = RootVolumeGb,
        CallTimeout = CallTimeout,
    };
}
