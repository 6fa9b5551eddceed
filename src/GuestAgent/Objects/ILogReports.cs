using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Objects;

/// <summary>Whom the parts of an archived log are told to.</summary>
internal interface ILogReports
{
    /// <summary>Returns when it counts. May be repeated.</summary>
    /// <exception cref="DatastoreException">
    /// Precondition: it is not wanted any more, or another agent has begun it. Transient: nobody takes it.
    /// </exception>
    Task TellAsync(LogProgress progress, CancellationToken cancellationToken);
}
