namespace Dbaas.Testing.Telemetry;

/// <summary>A span, as it was sent.</summary>
public sealed record Span(string TraceId, string SpanId, string ParentId, string Name);
