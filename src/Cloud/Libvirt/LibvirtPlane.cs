using Dbaas.Cloud.Libvirt.Disks;
using Dbaas.Cloud.Libvirt.Domains;
using Dbaas.Cloud.Libvirt.Networks;
using Dbaas.Cloud.Libvirt.Volumes;
using Dbaas.Cloud.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dbaas.Cloud.Libvirt;

/// <summary>
/// The compute plane whose servers are virtual machines of a libvirt. It keeps no records of its own: libvirt has them all.
/// </summary>
public static class LibvirtPlane
{
    /// <summary>Adds <see cref="ICompute"/>, <see cref="IVolumes"/> and <see cref="INetworks"/>.</summary>
    public static IServiceCollection AddLibvirtPlane(this IServiceCollection services, LibvirtOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new Virsh(options.Uri));
        services.AddSingleton(new Names(options.Deployment));
        services.AddSingleton(options);
        services.AddSingleton<StoragePool>();
        services.AddSingleton<NetworkStore>();
        services.AddSingleton<DomainStore>();
        services.AddSingleton<ServerDisks>();
        services.AddSingleton<Power>();
        services.AddSingleton<LibvirtNetworks>();
        services.AddSingleton<ICompute, LibvirtCompute>();
        services.AddSingleton<IVolumes, LibvirtVolumes>();
        return services.AddSingleton<INetworks>(provider => provider.GetRequiredService<LibvirtNetworks>());
    }

    /// <summary>
    /// Removes what the deployment's servers had in common: copies of images, the network, and a pool that was made for them when nothing
    /// else is in it. The servers, volumes and ports are gone already. May be repeated.
    /// </summary>
    public static async Task RemoveSharedAsync(LibvirtOptions options, CancellationToken cancellationToken)
    {
        await using var provider = new ServiceCollection().AddLibvirtPlane(options).BuildServiceProvider();
        await provider.GetRequiredService<ServerDisks>().RemoveImagesAsync(cancellationToken);
        await provider.GetRequiredService<StoragePool>().RemoveUnusedAsync(cancellationToken);
        await provider.GetRequiredService<NetworkStore>().RemoveOwnAsync(cancellationToken);
    }
}
