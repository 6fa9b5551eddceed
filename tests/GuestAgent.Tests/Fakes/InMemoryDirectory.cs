using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Reports;
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
    private TaskCompletionSource changed = new();

    public TimeSpan NextReport { get; set; } = TimeSpan.FromSeconds(60);

    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(180);

    public long RoleEpoch { get; set; } = 1;

    public IReadOnlyList<(string Instance, ReplyEnvelope Reply)> Replies => Copy(replies);

    public IReadOnlyList<(string Instance, GuestReport Report)> Reports => Copy(reports);

    public IReadOnlyList<(string Instance, string Kind)> Refusals => Copy(refusals);

    public IReadOnlyList<(string Instance, string Serial)> Certificates => Copy(certificates);

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

    public Task<bool> TryUseEnrolmentSecretAsync(string instanceId, string secretHash, string keyHash, CancellationToken cancellationToken)
    {
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

    public Task RecordEnrolmentAsync(string instanceId, string certificateSerial, EnrolmentRequest request, CancellationToken cancellationToken)
    {
        Assert.Empty(request.Secret);
        lock (gate)
        {
            certificates.RemoveWhere(certificate => certificate.Instance == instanceId);
            certificates.Add((instanceId, certificateSerial));
            return Task.CompletedTask;
        }
    }

    public Task<bool> TryRecordRenewalAsync(
        string instanceId, string presentedSerial, string certificateSerial, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            certificates.Add((instanceId, certificateSerial));
            return Task.FromResult(true);
        }
    }

    public Task<bool> IsCurrentCertificateAsync(string instanceId, string certificateSerial, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(certificates.Contains((instanceId, certificateSerial)));
        }
    }

    public Task<IReadOnlyList<CommandEnvelope>> GetPendingCommandsAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<CommandEnvelope>>(
            [
                .. commands.Where(sent => sent.Instance == instanceId && !replies.Any(r => r.Reply.Id == sent.Command.Id)).Select(sent => sent.Command),
            ]);
        }
    }

    public async Task WaitForCommandsAsync(string instanceId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task signal;
        lock (gate)
        {
            signal = changed.Task;
        }

        await Task.WhenAny(signal, Task.Delay(timeout, cancellationToken));
    }

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

    public Task<ReportAnswer> AcceptReportAsync(string instanceId, GuestReport report, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            reports.Add((instanceId, report));
            return Task.FromResult(new ReportAnswer(NextReport.TotalSeconds, Lease.TotalSeconds, RoleEpoch));
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
