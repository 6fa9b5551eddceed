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
internal sealed class GuestDirectory : IGuestDirectory
{
    private const int MostAtOnce = 1000;

    private static readonly TimeSpan OneRefusalIn = TimeSpan.FromSeconds(10);
    private readonly IDatabase database;
    private readonly ControlSignals signals;
    private readonly GuestReports reports;
    private readonly GuestFigures figures;
    private readonly GuestOptions options;
    private readonly IIdSource ids;
    private readonly TimeProvider time;
    private readonly ServingGateways serving;
    private readonly Gathering<string, GuestCertificates?> certificates;
    private readonly Gathering<string, IReadOnlyList<CommandEnvelope>> pending;

    public GuestDirectory(
        IDatabase database,
        ControlSignals signals,
        GuestReports reports,
        GuestFigures figures,
        GuestOptions options,
        IIdSource ids,
        TimeProvider time)
    {
        (this.signals, this.reports, this.figures) = (signals, reports, figures);
        (this.options, this.ids, this.time) = (options, ids, time);
        this.database = database.In(DatabaseLane.Agents);
        serving = new ServingGateways(this.database, time);
        certificates = new(FindCertificatesAsync, MostAtOnce, options.Gather, time);
        pending = new(FindPendingAsync, MostAtOnce, options.Gather, time);
    }

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

    public Task<GatewayNews?> GetGatewaysAsync(CancellationToken cancellationToken) => serving.ReadAsync(cancellationToken);

    public Task<GatewayNews?> RecallGatewaysAsync(CancellationToken cancellationToken) => serving.RecallAsync(cancellationToken);

    public async Task<bool> IsCurrentCertificateAsync(
        string instanceId, string certificateSerial, bool atOnce, CancellationToken cancellationToken) =>
        (await certificates.AskAsync(instanceId, atOnce, cancellationToken))?.Has(certificateSerial) == true;

    public Task<IReadOnlyList<CommandEnvelope>> GetPendingCommandsAsync(
        string instanceId, bool atOnce, CancellationToken cancellationToken) =>
        pending.AskAsync(instanceId, atOnce, cancellationToken);

    public async Task<bool> WaitForCommandsAsync(string instanceId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var news = signals.Commands.Subscribe(instanceId);
        return await news.WaitAsync(timeout, cancellationToken);
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
        var receipt = await reports.AcceptAsync(instanceId, report, cancellationToken);
        var next = receipt.FailsOver ? options.ReportIntervalOfFailover : options.ReportInterval;
        return new ReportAnswer(next.TotalSeconds, receipt.Lease.TotalSeconds, receipt.RoleEpoch);
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

    private async Task<IReadOnlyList<GuestCertificates?>> FindCertificatesAsync(IReadOnlyList<string> instanceIds)
    {
        var found = (await database.ReadAsync(
            unit => GuestRows.Certificates(unit, instanceIds.ToHashSet()), CancellationToken.None)).ToDictionary(one => one.InstanceId);
        return [.. instanceIds.Select(id => found.GetValueOrDefault(id))];
    }

    private async Task<IReadOnlyList<IReadOnlyList<CommandEnvelope>>> FindPendingAsync(IReadOnlyList<string> instanceIds)
    {
        var rows = (await database.ReadAsync(
            unit => CommandRows.Waiting(unit, instanceIds.ToHashSet()), CancellationToken.None)).ToLookup(row => row.InstanceId);
        return [.. instanceIds.Select(id => (IReadOnlyList<CommandEnvelope>)[.. rows[id].Select(ToEnvelope)])];
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
