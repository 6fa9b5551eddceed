using System.Reflection;
using Dbaas.Domain.Nodes;
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
    /// <param name="seat">Its place.</param>
    /// <param name="address">Where clients reach it; null: they do not.</param>
    /// <param name="gateway">Where guests reach it; null: they do not.</param>
    public static IServiceCollection AddNode(
        this IServiceCollection services, NodeSeat seat, string? address = null, string? gateway = null) =>
        services
            .AddSingleton(new Node
            {
                Program = seat.Program, Name = seat.Name, Address = address, Gateway = gateway, Version = Version,
            })
            .AddHostedService(provider => new NodeLife(
                provider.GetRequiredService<Node>(),
                seat,
                provider.GetRequiredService<IDatabase>(),
                provider.GetRequiredService<IHostApplicationLifetime>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<NodeLife>>()));

    private static string Version =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
