namespace Dbaas.GuestAgent.Channel;

/// <summary>No gateway gave an answer, or it refused.</summary>
internal sealed class GatewayException(string message, bool refused, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The gateway understood and said no: asking again soon will not help.</summary>
    public bool Refused { get; } = refused;
}
