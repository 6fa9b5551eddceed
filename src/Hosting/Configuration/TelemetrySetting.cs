namespace Dbaas.Hosting.Configuration;

/// <summary>To whom the node tells what it does. What is off costs nothing.</summary>
public sealed record TelemetrySetting
{
    /// <summary>The port at which Prometheus reads <c>/metrics</c>; null: none.</summary>
    public int? PrometheusPort { get; init; }

    /// <summary>The address of that port. Whoever reaches it reads all figures.</summary>
    public string PrometheusAddress { get; init; } = "127.0.0.1";

    /// <summary>Where metrics and traces are sent, by OTLP over HTTP, for example <c>http://127.0.0.1:4318</c>; null: nowhere.</summary>
    public string? OtlpEndpoint { get; init; }
}

/// <summary>How lines of the log are written.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>A JSON object in each line, with the ids of request, operation and trace.</summary>
    Json,
}
