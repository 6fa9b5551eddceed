namespace Dbaas.Domain.Operations;

/// <summary>What an operation goes back to, for those who look for it in logs and traces.</summary>
/// <param name="RequestId">The request that asked for it, by the id that its caller was told; null: upkeep began it.</param>
/// <param name="TraceParent">The trace that it belongs to, as W3C's header writes it; null: to none.</param>
/// <param name="ClientIp">Where that request came from; null: upkeep began it.</param>
public sealed record Origin(string? RequestId, string? TraceParent, string? ClientIp = null)
{
    /// <summary>Nothing is known.</summary>
    public static readonly Origin None = new(null, null);
}
