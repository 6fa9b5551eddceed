using Dbaas.GuestProtocol;

namespace Dbaas.Simulation.Guests;

/// <summary>A command that a simulated database refuses.</summary>
public sealed class GuestFaultException(FaultKind kind, string message) : Exception(message)
{
    /// <summary>As it is told to the control plane.</summary>
    public GuestFault Fault { get; } = new(kind, message);
}
