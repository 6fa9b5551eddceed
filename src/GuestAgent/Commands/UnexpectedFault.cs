using System.Net.Sockets;
using System.Text.Json;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Commands;

/// <summary>What follows from an exception that nobody foresaw.</summary>
internal static class UnexpectedFault
{
    /// <summary>
    /// A full volume, a file or a connection that is away, a state that was not expected need not be so the next time. What is wrong in the
    /// program is.
    /// </summary>
    public static FaultKind KindOf(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or SocketException or TimeoutException or JsonException
            or (InvalidOperationException and not ObjectDisposedException)
            ? FaultKind.Transient
            : FaultKind.Permanent;

    /// <summary>The system's own words hold no secret; others' may.</summary>
    public static string Say(Exception fault) => fault is IOException or UnauthorizedAccessException
        ? $"The agent could not do it: {fault.Message}"
        : $"The agent failed in a way it does not know ({fault.GetType().Name}); its log has the details.";
}
