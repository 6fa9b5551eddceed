using System.Text.Json;
using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Archives;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Guests.Gateway;

namespace Dbaas.TaskManager.Guests;

/// <summary>What the gateway knows of guests: the control database.</summary>
internal sealed class GuestDirectory(
    IDatabase database,
    ControlSignals signals,
    GuestReports reports,
    GuestFigures figures,
    GuestOptions options,
    IIdSource ids,
    TimeProvider time) : IGuestDirectory
{
    private static readonly TimeSpan OneRefusalIn = TimeSpan.FromSeconds(10);
    private readonly IDatabase database = database.In(DatabaseLane.Agents);

    public Task<bool> TryUseEnrolmentSecretAsync(UsedSecret used, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit => GuestRows.TryUseEnrolment(unit, used.InstanceId, used.SecretHash, used.KeyHash), cancellationToken);

    public async Task<bool> TryRecordEnrolmentAsync(
        UsedSecret used, string certificateSerial, AgentHello hello, int protocol, CancellationToken cancellationToken)
    {
        var facts = AgentWords.ToFacts(hello, protocol);
        var recorded = await database.WriteAsync(
            unit =>
            {
                if (!GuestRows.TrySetCertificate(unit, used.InstanceId, used.SecretHash, used.KeyHash, certificateSerial))
                {
                    return false;
                }

                GuestRows.SetAgent(unit, used.InstanceId, facts);
                if (InstanceRows.Find(unit, used.InstanceId)?.LockOwner is { } operation)
                {
                    OperationRows.Wake(unit, operation);
                }

                return true;
            },
            cancellationToken);
        signals.OperationIsDue();
        return recorded;
    }

    public Task<bool> TryRecordRenewalAsync(
        string instanceId,
        string presentedSerial,
        string certificateSerial,
        AgentHello hello,
        int protocol,
        CancellationToken cancellationToken)
    {
        var facts = AgentWords.ToFacts(hello, protocol);
        return database.WriteAsync(
            unit =>
            {
                var added = GuestRows.TryAddCertificate(unit, instanceId, presentedSerial, certificateSerial);
                if (added)
                {
                    GuestRows.SetAgent(unit, instanceId, facts);
                }

                return added;
            },
            cancellationToken);
    }

    public Task<bool> TryRecordHelloAsync(
        string instanceId, string presentedSerial, AgentHello hello, int protocol, CancellationToken cancellationToken)
    {
        var facts = AgentWords.ToFacts(hello, protocol);
        return database.WriteAsync(
            unit =>
            {
                var current = GuestRows.TryEndEnrolment(unit, instanceId, presentedSerial);
                if (current)
                {
                    GuestRows.SetAgent(unit, instanceId, facts);
                }

                return current;
            },
            cancellationToken);
    }

    public Task<bool> IsCurrentCertificateAsync(string instanceId, string certificateSerial, CancellationToken cancellationToken) =>
        database.ReadAsync(unit => GuestRows.IsCurrent(unit, instanceId, certificateSerial), cancellationToken);

    public async Task<IReadOnlyList<CommandEnvelope>> GetPendingCommandsAsync(string instanceId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(unit => CommandRows.Waiting(unit, instanceId, Now), cancellationToken);
        return rows.Select(ToEnvelope).ToList();
    }

    public async Task WaitForCommandsAsync(string instanceId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var news = signals.Commands.Subscribe(instanceId);

        // Commands written by another process are not signalled here: the caller looks again soon.
        await news.WaitAsync(timeout < options.LookEvery ? timeout : options.LookEvery, cancellationToken);
    }

    public async Task<bool> AcceptReplyAsync(string instanceId, ReplyEnvelope reply, CancellationToken cancellationToken)
    {
        var (isOurs, asker) = await database.WriteAsync(
            unit =>
            {
                var kept = CommandRows.Answer(unit, reply.Id, instanceId, JsonSerializer.Serialize(reply, ProtocolJson.Options));
                var command = CommandRows.Find(unit, reply.Id);
                if (kept && command?.OperationId is { } operation)
                {
                    OperationRows.Wake(unit, operation);
                }

                // An operation that has ended takes its commands with it: a late answer to one of those is no offence.
                return (command is null || command.InstanceId == instanceId, command?.OperationId);
            },
            cancellationToken);
        signals.ReplyIsThere(reply.Id);
        if (asker is not null)
        {
            signals.OperationIsDue();
        }

        return isOurs;
    }

    public Task<ObjectHome?> FindHomeAsync(string instanceId, ObjectRequest request, CancellationToken cancellationToken) =>
        database.ReadAsync(
            unit =>
            {
                var row = CommandRows.Find(unit, request.CommandId);
                var command = row is { Answered: false, Body: { } body } && row.InstanceId == instanceId
                    ? GuestCommand.Parse(row.Kind, JsonElement.Parse(body))
                    : null;
                return ObjectPermission.Allows(command, request) ? ObjectHome.Find(unit, request.BackupId) : null;
            },
            cancellationToken);

    public Task<bool> AcceptLogProgressAsync(string instanceId, LogProgress progress, CancellationToken cancellationToken) =>
        database.WriteAsync(unit => LogReports.Accept(unit, instanceId, progress, Now), cancellationToken);

    public async Task<ReportAnswer> AcceptReportAsync(string instanceId, GuestReport report, CancellationToken cancellationToken)
    {
        figures.Note(instanceId, report);
        var lease = await reports.AcceptAsync(instanceId, report, cancellationToken);
        var roleEpoch = await database.ReadAsync(unit => InstanceRows.RoleEpoch(unit, instanceId), cancellationToken);
        return new ReportAnswer(options.ReportInterval.TotalSeconds, lease.TotalSeconds, roleEpoch);
    }

    public async Task RecordRefusalAsync(string instanceId, string kind, string message, CancellationToken cancellationToken)
    {
        // A stranger can name any instance, as often as he likes: the history keeps one line a kind and guest in a while, and the
        // database's one writer is left alone for the rest. Two at the same moment may both be kept: no harm.
        var since = Now - (long)OneRefusalIn.TotalMilliseconds;
        var isNews = await database.ReadAsync(
            unit => InstanceRows.Find(unit, instanceId) is not null && !HistoryRows.HasSince(unit, instanceId, kind, since),
            cancellationToken);
        if (!isNews)
        {
            return;
        }

        var entry = new HistoryEntry
        {
            Id = ids.NewId(), InstanceId = instanceId, At = Now, Event = kind, Outcome = "refused", Detail = message,
        };
        await database.WriteAsync(unit => HistoryRows.Add(unit, entry), cancellationToken);
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static CommandEnvelope ToEnvelope(GuestCommandRow row) => new(
        row.Id,
        row.Kind,
        row is { FenceGeneration: { } generation, FenceCounter: { } counter } ? new Fence(generation, counter) : null,
        row.DeadlineSeconds,
        JsonElement.Parse(row.Body ?? "{}"),
        row.OperationId);
}
