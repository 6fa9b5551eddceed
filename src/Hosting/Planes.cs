using System.Net;
using Dbaas.Cloud.Libvirt;
using Dbaas.Cloud.Local;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.Ports;
using Dbaas.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Hosting;

/// <summary>From the configuration to the compute plane that it names. The only place that knows them all.</summary>
public static class Planes
{
    /// <summary>What the plane cannot do on this machine.</summary>
    /// <returns>Why its servers are not kept apart; null: they are.</returns>
    public static Task<string?> WhyNotIsolatedAsync(ServiceSettings settings, CancellationToken cancellationToken) =>
        settings.Plane == PlaneKind.Local
            ? LocalPlane.WhyNotIsolatedAsync(settings.Home, cancellationToken)
            : Task.FromResult<string?>(null);

    /// <param name="services">Where to.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="deployment">The mark on all that is ours.</param>
    /// <param name="notIsolatedBecause">From <see cref="WhyNotIsolatedAsync"/>.</param>
    public static IServiceCollection AddPlane(
        this IServiceCollection services, ServiceSettings settings, string deployment, string? notIsolatedBecause = null) =>
        settings.Plane switch
        {
            PlaneKind.Libvirt => services.AddLibvirtPlane(Libvirt(settings, deployment)),
            PlaneKind.OpenStack => services.AddOpenStackPlane(OpenStack(settings.OpenStack, deployment)),
            _ => services.AddLocalPlane(Local(settings, notIsolatedBecause)),
        };

    /// <summary>Removes what the servers of a plane had in common. They are gone already.</summary>
    public static Task RemoveSharedAsync(ServiceSettings settings, string deployment, CancellationToken cancellationToken) =>
        settings.Plane == PlaneKind.Libvirt
            ? LibvirtPlane.RemoveSharedAsync(Libvirt(settings, deployment), cancellationToken)
            : Task.CompletedTask;

    private static LocalPlaneOptions Local(ServiceSettings settings, string? notIsolatedBecause)
    {
        var options = new LocalPlaneOptions
        {
            StatePath = settings.Home,
            AgentProgram = settings.Agent
                ?? throw new InvalidDataException("Agent in the configuration is missing: the program that servers of this machine run."),
            Subnet = settings.Subnet,
            Images = settings.Images,
            NotIsolatedBecause = notIsolatedBecause,
        };
        return settings.Flavors.Count == 0 ? options : options with { Flavors = Flavors(settings) };
    }

    private static LibvirtOptions Libvirt(ServiceSettings settings, string deployment)
    {
        var options = new LibvirtOptions
        {
            Uri = settings.Libvirt.Uri,
            Deployment = deployment,
            Pool = settings.Libvirt.Pool,
            PoolPath = settings.Libvirt.PoolPath,
            Network = settings.Libvirt.Network,
            AllowedNetworks = settings.Libvirt.AllowedNetworks,
            Subnet = settings.Subnet,
            Forward = settings.Libvirt.Forward,
            Images = settings.Libvirt.Images,
        };
        return settings.Flavors.Count == 0 ? options : options with { Flavors = Flavors(settings) };
    }

    private static OpenStackOptions OpenStack(OpenStackSetting cloud, string deployment) => new()
    {
        Account = Accounts.Of(cloud, "OpenStack"),
        GatewayAddress = IPAddress.TryParse(cloud.GatewayAddress, out var address)
            ? address
            : throw new InvalidDataException(
                "OpenStack:GatewayAddress in the configuration is no IP address: name one of this machine that guests reach."),
        DeploymentId = deployment,
        Region = cloud.Region,
        Interface = cloud.Interface,
        Image = cloud.Image,
        NetworkId = cloud.NetworkId,
        ManagementNetworkId = cloud.ManagementNetworkId,
        PublicNetworkId = cloud.PublicNetworkId,
        RootVolumeGb = cloud.RootVolumeGb,
        ExtendsAttachedVolumes = cloud.ExtendsAttachedVolumes,
    };

    private static CloudFlavor[] Flavors(ServiceSettings settings) =>
        [.. settings.Flavors.Select(one => new CloudFlavor(one.Id, one.Name, one.MemoryMb, one.Vcpus, 0))];
}
