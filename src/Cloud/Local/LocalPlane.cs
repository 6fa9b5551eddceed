using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Networks;
using Dbaas.Cloud.Local.Servers;
using Dbaas.Cloud.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Dbaas.Cloud.Local;

/// <summary>The compute plane that is this machine.</summary>
public static class LocalPlane
{
    /// <summary>
    /// What this machine cannot do is found out once, before there is a plane: it tries what servers need. Not for every call: what is
    /// refused later is a fault.
    /// </summary>
    /// <param name="statePath">The service's state folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why servers cannot be kept apart, for whoever runs the service; null: they can.</returns>
    public static Task<string?> WhyNotIsolatedAsync(string statePath, CancellationToken cancellationToken) =>
        HostTrial.WhyNotIsolatedAsync(new PlanePaths(statePath), cancellationToken);

    /// <summary>
    /// Adds <see cref="ICompute"/>, <see cref="IVolumes"/>, <see cref="INetworks"/>, and the watcher that revives dead agents.
    /// </summary>
    public static IServiceCollection AddLocalPlane(this IServiceCollection services, LocalPlaneOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new LocalPlaneParts(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICompute>(provider => provider.GetRequiredService<LocalPlaneParts>().Compute);
        services.AddSingleton<IVolumes>(provider => provider.GetRequiredService<LocalPlaneParts>().Volumes);
        services.AddSingleton<INetworks>(provider => provider.GetRequiredService<LocalPlaneParts>().Networks);
        return services.AddHostedService(provider => new AgentWatcher(
            provider.GetRequiredService<LocalPlaneParts>().Compute,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AgentWatcher>>()));
    }

    /// <summary>
    /// Removes every server, volume, port and the bridge that the service of this state folder has on this machine: with all data. The
    /// service itself does not run. May be repeated.
    /// </summary>
    public static Task RemoveEverythingAsync(string statePath, CancellationToken cancellationToken)
    {
        // By what was made, not by what could be made now: the machine, or who asks, may have changed.
        var made = RecordFile.Read<PlaneRecord>(new PlanePaths(statePath).Plane);
        var why = made is null ? HostPowers.WhyNotIsolated() : made.Isolated ? null : "it was made where that could not be done";
        var options = new LocalPlaneOptions { StatePath = statePath, AgentProgram = "/nonexistent", NotIsolatedBecause = why };
        return new LocalPlaneParts(options, TimeProvider.System).RemoveEverythingAsync(cancellationToken);
    }
}
