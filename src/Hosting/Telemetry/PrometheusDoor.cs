using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Dbaas.Hosting.Telemetry;

/// <summary><c>/metrics</c>, at a port of its own and at none of the others.</summary>
internal sealed class PrometheusDoor(int port) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.MapWhen(context => context.Connection.LocalPort == port, branch => branch.UseOpenTelemetryPrometheusScrapingEndpoint());
        next(app);
    };
}
