using Dbaas.Hosting.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Hosting.Health;

/// <summary>What load balancers and service managers ask. Whoever asks learns nothing but the answer.</summary>
public static class HealthEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <summary>Maps <c>/healthcheck</c> (it lives) and <c>/readiness</c> (it can serve).</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthcheck", Methods, () => Results.Text("OK\n"));
        routes.MapMethods("/readiness", Methods, async (Readiness readiness) => await readiness.WhyNotAsync() is { } because
            ? Results.Text(because + "\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("OK\n"));
    }

    /// <summary>Adds what answers, and the port for it, if there is one.</summary>
    internal static IServiceCollection AddHealth(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton<NodeClock>().AddSingleton<Readiness>();
        return settings.HealthPort is not { } port
            ? services
            : services
                .Configure<KestrelServerOptions>(kestrel => kestrel.Listen(System.Net.IPAddress.Parse(settings.ListenAddress), port))
                .AddSingleton<IStartupFilter>(new HealthPort(port));
    }

    private sealed class HealthPort(int port) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.MapPort(port, MapHealth);
            next(app);
        };
    }
}
