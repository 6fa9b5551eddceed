using System.Net;
using Dbaas.Hosting.Configuration;
using Dbaas.Hosting.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dbaas.Hosting.Telemetry;

/// <summary>Metrics and traces leave the program here, and only here: the parts know no more than .NET's own meters and sources.</summary>
internal static class TelemetryServices
{
    private const string Ours = "Dbaas.*";

    // Each instance has a series of its own, and none may be left out for being one of many.
    private const int MostInstances = 100_000;

    /// <summary>Adds what the settings ask for; nothing by default.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, ServiceSettings settings, NodeSeat seat)
    {
        var (prometheus, otlp) = (settings.Telemetry.PrometheusPort, Collector(settings));
        if (prometheus is null && otlp is null)
        {
            return;
        }

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(
            serviceName: $"dbaas-{seat.Program}", serviceInstanceId: seat.Name, autoGenerateServiceInstanceId: false));
        telemetry.WithMetrics(metrics =>
        {
            metrics
                .AddMeter(Ours, "Microsoft.AspNetCore.Hosting")
                .AddRuntimeInstrumentation()
                .AddView(instrument => instrument.Meter.Name == "Dbaas.Guests"
                    ? new MetricStreamConfiguration { CardinalityLimit = MostInstances }
                    : null);
            if (otlp is not null)
            {
                metrics.AddOtlpExporter(exporter => Send(exporter, otlp, "v1/metrics"));
            }

            if (prometheus is not null)
            {
                metrics.AddPrometheusExporter();
            }
        });
        if (otlp is not null)
        {
            // Agents call all the time: what they do for operations is in the operations' spans.
            telemetry.WithTracing(traces => traces
                .AddSource(Ours)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => context.Connection.LocalPort == settings.ApiPort)
                .AddOtlpExporter(exporter => Send(exporter, otlp, "v1/traces")));
        }

        if (prometheus is { } port)
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(Address(settings), port));
            builder.Services.AddSingleton<IStartupFilter>(new PrometheusDoor(port));
        }
    }

    private static void Send(OtlpExporterOptions exporter, Uri collector, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(collector, path);
    }

    private static IPAddress Address(ServiceSettings settings) =>
        IPAddress.TryParse(settings.Telemetry.PrometheusAddress, out var address)
            ? address
            : throw new InvalidDataException("Telemetry:PrometheusAddress in the configuration is no IP address.");

    private static Uri? Collector(ServiceSettings settings) => settings.Telemetry.OtlpEndpoint switch
    {
        null => null,
        var text when Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https" => url,
        _ => throw new InvalidDataException(
            "Telemetry:OtlpEndpoint in the configuration is no address of a collector, such as http://127.0.0.1:4318."),
    };
}
