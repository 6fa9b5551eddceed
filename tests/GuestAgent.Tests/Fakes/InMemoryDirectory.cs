using System.Collections.Concurrent;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Reports;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Guests.Gateway;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>The instances, as the gateway sees them, without a database.</summary>
internal sealed class InMemoryDirectory : IGuestDirectory
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string SecretHash, string? KeyHash)> secrets = [];
    private readonly HashSet<(string Instance, string Serial)> certificates = [];
    private readonly List<(string Instance, CommandEnvelope Command)> commands = [];
    private readonly List<(string Instance, ReplyEnvelope Reply)> replies = [];
    private readonly List<(string Instance, GuestReport Report)> reports = [];
    private readonly List<(string Instance, string Kind)> refusals = [];
    private readonly List<(string Instance, AgentHello Hello, int Protocol)> hellos = [];
    private TaskCompletionSource changed = new();

    public TimeSpan NextReport { get; set; } = TimeSpan.FromSeconds(60);

    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(180);

    public long RoleEpoch { get; set; } = 1;

    public IReadOnlyList<(string Instance, ReplyEnvelope Reply)> Replies => Copy(replies);

    public IReadOnlyList<(string Instance, GuestReport Report)> Reports => Copy(reports);

    public IReadOnlyList<(string Instance, string Kind)> Refusals => Copy(refusals);

    public IReadOnlyList<(string Instance, string Serial)> Certificates => Copy(certificates);

    public IReadOnlyList<(string Instance, AgentHello Hello, int Protocol)> Hellos => Copy(hellos);

    /// <summary>Happens between the use of a secret and the record of the enrolment.</summary>
    public Action? BeforeRecording { get; set; }

    /// <summary>Happens before a report is taken.</summary>
    public Func<GuestReport, Task> BeforeReport { get; set; } = _ => Task.CompletedTask;

    public string Provision(string instanceId)
    {
        var secret = EnrolmentSecret.Create();
        lock (gate)
        {
            secrets[instanceId] = (EnrolmentSecret.Hash(secret), null);
        }

        return secret;
    }

    public void Delete(string instanceId)
    {
        lock (gate)
        {
            secrets.Remove(instanceId);
            certificates.RemoveWhere(certificate => certificate.Instance == instanceId);
        }
    }

    public void Send(string instanceId, CommandEnvelope command)
    {
        lock (gate)
        {
            commands.Add((instanceId, command));
            changed.TrySetResult();
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task<bool> TryUseEnrolmentSecretAsync(UsedSecret used, CancellationToken cancellationToken)
    {
        var (instanceId, secretHash, keyHash) = used;
        lock (gate)
        {
            var good = secrets.TryGetValue(instanceId, out var kept)
                && kept.SecretHash == secretHash
                && (kept.KeyHash ?? keyHash) == keyHash;
            if (good)
            {
                secrets[instanceId] = (secretHash, keyHash);
            }

            return Task.FromResult(good);
        }
    }

    public Task<bool> TryRecordEnrolmentAsync(
        UsedSecret used, string certificateSerial, AgentHello hello, int protocol, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            BeforeRecording?.Invoke();
            if (!secrets.TryGetValue(used.InstanceId, out var kept) || kept != (used.SecretHash, used.KeyHash))
            {
                return Task.FromResult(false);
            }

            certificates.RemoveWhere(certificate => certificate.Instance == used.InstanceId);
            certificates.Add((used.InstanceId, certificateSerial));
            hellos.Add((used.InstanceId, hello, protocol));
            return Task.FromResult(true);
        }
    }

    public Task<bool> TryRecordRenewalAsync(
        string instanceId,
        string presentedSerial,
        string certificateSerial,
        AgentHello hello,
        int protocol,
        CancellationToken cancellationToken)
    {
        lock (gate)
        {
            certificates.Add((instanceId, certificateSerial));
            hellos.Add((instanceId, hello, protocol));
            return Task.FromResult(true);
        }
    }

    public Task<bool> TryRecordHelloAsync(
        string instanceId, string presentedSerial, AgentHello hello, int protocol, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            secrets.Remove(instanceId);
            hellos.Add((instanceId, hello, protocol));
            return Task.FromResult(true);
        }
    }

    public IReadOnlyList<string>? Gateways { get; set; }

    public Task<GatewayNews?> GetGatewaysAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Gateways is { } urls ? new GatewayNews(urls, string.Join(' ', urls)) : null);

    public Task<GatewayNews?> RecallGatewaysAsync(CancellationToken cancellationToken) => GetGatewaysAsync(cancellationToken);

    public Task<bool> IsCurrentCertificateAsync(
        string instanceId, string certificateSerial, bool atOnce, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(certificates.Contains((instanceId, certificateSerial)));
        }
    }

    public Task<IReadOnlyList<CommandEnvelope>> GetPendingCommandsAsync(
        string instanceId, bool atOnce, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<CommandEnvelope>>(
            [
                .. commands.Where(sent => sent.Instance == instanceId && !replies.Any(r => r.Reply.Id == sent.Command.Id))
                .Select(sent => sent.Command),
            ]);
        }
    }

    public async Task<bool> WaitForCommandsAsync(string instanceId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task signal;
        lock (gate)
        {
            signal = changed.Task;
        }

        return await Task.WhenAny(signal, Task.Delay(timeout, cancellationToken)) == signal;
    }

    /// <summary>Where every backup's objects are; null: nobody is told.</summary>
    public string? Place { get; set; }

    /// <summary>What was asked for of them, in order.</summary>
    public ConcurrentQueue<ObjectRequest> ObjectRequests { get; } = new();

    public Task<ObjectHome?> FindHomeAsync(string instanceId, ObjectRequest request, CancellationToken cancellationToken)
    {
        ObjectRequests.Enqueue(request);
        return Task.FromResult(Place is null ? null : new ObjectHome(Place, null, null));
    }

    public Task<bool> AcceptLogProgressAsync(string instanceId, LogProgress progress, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<bool> AcceptReplyAsync(string instanceId, ReplyEnvelope reply, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var known = commands.Any(sent => sent.Instance == instanceId && sent.Command.Id == reply.Id);
            if (known && !replies.Any(r => r.Reply.Id == reply.Id))
            {
                replies.Add((instanceId, reply));
            }

            return Task.FromResult(known);
        }
    }

    public async Task<ReportAnswer> AcceptReportAsync(string instanceId, GuestReport report, CancellationToken cancellationToken)
    {
        await BeforeReport(report);
        lock (gate)
        {
            reports.Add((instanceId, report));
            return new ReportAnswer(NextReport.TotalSeconds, Lease.TotalSeconds, RoleEpoch);
        }
    }

    public Task RecordRefusalAsync(string instanceId, string kind, string message, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            refusals.Add((instanceId, kind));
            return Task.CompletedTask;
        }
    }

    private IReadOnlyList<T> Copy<T>(IEnumerable<T> items)
    {
        lock (gate)
        {
            return [.. items];
        }
    }
}
