using Dbaas.Cloud.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dbaas.Cloud.OpenStack;

/// <summary>The compute plane that is an OpenStack cloud.</summary>
public static class OpenStackPlane
{
    /// <summary>
    /// Adds <see cref="ICompute"/>, <see cref="IVolumes"/> and <see cref="INetworks"/>. Nothing is asked of the cloud before the first
    /// call.
    /// </summary>
    public static IServiceCollection AddOpenStackPlane(this IServiceCollection services, OpenStackOptions options) =>
        services.AddOpenStackPlane(_ => options);

    /// <summary>The same with options that other services tell, as the deployment id in the control database.</summary>
    public static IServiceCollection AddOpenStackPlane(this IServiceCollection services, Func<IServiceProvider, OpenStackOptions> options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new OpenStackPlaneParts(options(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICompute>(provider => provider.GetRequiredService<OpenStackPlaneParts>().Compute);
        services.AddSingleton<IVolumes>(provider => provider.GetRequiredService<OpenStackPlaneParts>().Volumes);
        return services.AddSingleton<INetworks>(provider => provider.GetRequiredService<OpenStackPlaneParts>().Networks);
    }
}
