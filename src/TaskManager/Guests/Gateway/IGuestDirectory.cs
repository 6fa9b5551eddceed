using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Reports;
using Dbaas.TaskManager.Backups;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>What the gateway asks of whoever keeps the instances. Instance ids come from certificates, but for an enrolment's.</summary>
public interface IGuestDirectory
{
    /// <summary>
    /// Uses an instance's enrolment secret up, by one guarded statement. True also when the same key used it before: the answer to that
    /// enrolment may have been lost. False: wrong, used with another key, no such instance, or its window is closed.
    /// </summary>
    Task<bool> TryUseEnrolmentSecretAsync(UsedSecret used, CancellationToken cancellationToken);

    /// <summary>The instance's certificates are void, but for this one. Before the agent has it.</summary>
    /// <returns>False: it was revoked, or is to enrol anew, since the secret was used.</returns>
    Task<bool> TryRecordEnrolmentAsync(
        UsedSecret used, string certificateSerial, AgentHello hello, int protocol, CancellationToken cancellationToken);

    /// <summary>One more certificate. The one that it was asked for with stays good, for the answer may be lost.</summary>
    /// <returns>False: that one is not good any more.</returns>
    Task<bool> TryRecordRenewalAsync(
        string instanceId,
        string presentedSerial,
        string certificateSerial,
        AgentHello hello,
        int protocol,
        CancellationToken cancellationToken);

    /// <summary>
    /// Records what an agent says of itself. It has its certificate, so no answer to its enrolment can be lost any more: the secret is
    /// void for the key that used it, too.
    /// </summary>
    /// <returns>False: its certificate is not good any more.</returns>
    Task<bool> TryRecordHelloAsync(
        string instanceId, string presentedSerial, AgentHello hello, int protocol, CancellationToken cancellationToken);

    /// <summary>The gateways that serve now; null: nobody has said.</summary>
    Task<GatewayNews?> GetGatewaysAsync(CancellationToken cancellationToken);

    /// <summary>The same, as it was a moment ago at most, for the many who ask all the time.</summary>
    Task<GatewayNews?> RecallGatewaysAsync(CancellationToken cancellationToken);

    /// <summary>Recorded for this instance, and neither replaced by an enrolment nor revoked by the instance's end.</summary>
    /// <param name="instanceId">Whose.</param>
    /// <param name="certificateSerial">Which.</param>
    /// <param name="atOnce">Does not wait until others ask, too. Either way what counts is what is so after the call has come.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<bool> IsCurrentCertificateAsync(string instanceId, string certificateSerial, bool atOnce, CancellationToken cancellationToken);

    /// <summary>The unanswered commands, oldest first.</summary>
    /// <param name="instanceId">Whose.</param>
    /// <param name="atOnce">Does not wait until others ask, too.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<CommandEnvelope>> GetPendingCommandsAsync(string instanceId, bool atOnce, CancellationToken cancellationToken);

    /// <summary>
    /// Completes when commands may have come for the instance, at the latest after <paramref name="timeout"/>. Listens from the call on,
    /// before it returns its task: what comes between the call and its await is not missed.
    /// </summary>
    /// <returns>False: nothing is known to have come.</returns>
    Task<bool> WaitForCommandsAsync(string instanceId, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Records a reply; repeating it changes nothing.</summary>
    /// <returns>False: this instance was never sent such a command.</returns>
    Task<bool> AcceptReplyAsync(string instanceId, ReplyEnvelope reply, CancellationToken cancellationToken);

    /// <summary>Where the objects of a backup are, for an agent that works on a command about it.</summary>
    /// <returns>Null: the command was not sent to this instance, was answered, was withdrawn, or does not need these objects.</returns>
    Task<ObjectHome?> FindHomeAsync(string instanceId, ObjectRequest request, CancellationToken cancellationToken);

    /// <summary>Records how far the archive of a log is; repeating it changes nothing.</summary>
    /// <returns>False: it is not wanted from this instance (any more), or another agent has begun it.</returns>
    Task<bool> AcceptLogProgressAsync(string instanceId, LogProgress progress, CancellationToken cancellationToken);

    /// <summary>Records a report.</summary>
    /// <returns>When to report again, and the guest's role. A lease in it is written down before it is returned.</returns>
    Task<ReportAnswer> AcceptReportAsync(string instanceId, GuestReport report, CancellationToken cancellationToken);

    /// <summary>Somebody was refused. The instance may not exist: an enrolment names any.</summary>
    /// <param name="instanceId">Whose certificate or name it was.</param>
    /// <param name="kind">See <see cref="RefusalKinds"/>.</param>
    /// <param name="message">A sentence for the operator.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task RecordRefusalAsync(string instanceId, string kind, string message, CancellationToken cancellationToken);
}
