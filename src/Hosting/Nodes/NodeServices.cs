using System.Reflection;
using Dbaas.Domain.Nodes;
using Dbaas.Hosting.Configuration;
using Dbaas.Hosting.Health;
using Dbaas.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.Hosting.Nodes;

/// <summary>Makes a program a node that the others know.</summary>
public static class NodeServices
{
    /// <summary>The node's row is there while the program runs: before and after everything else of it.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="seat">Its place.</param>
    /// <param name="address">Where clients reach it; null: they do not.</param>
    /// <param name="gateway">Where guests reach it; null: they do not.</param>
    /// <param name="unready">How long it goes on serving when it is told to stop, while it says that it is not ready.</param>
    public static IServiceCollection AddNode(
        this IServiceCollection services,
        ServiceSettings settings,
        NodeSeat seat,
        string? address = null,
        string? gateway = null,
        TimeSpan unready = default) =>
        services
            .Configure<HostOptions>(host =>
            {
                // All at once: what is worked on is handed to others while the last requests end.
                host.ServicesStopConcurrently = true;
                host.ShutdownTimeout = TimeSpan.FromSeconds(settings.StopSeconds);
            })
            .AddHealth(settings)
            .AddSingleton(new Node
            {
                Program = seat.Program, Name = seat.Name, Address = address, Gateway = gateway, Version = Version,
            })
            .AddHostedService(provider => new NodeLife(
                provider.GetRequiredService<Node>(),
                seat,
                unready,
                provider.GetRequiredService<NodeClock>(),
                provider.GetRequiredService<IDatabase>(),
                provider.GetRequiredService<IHostApplicationLifetime>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<NodeLife>>()));

    private static string Version =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
