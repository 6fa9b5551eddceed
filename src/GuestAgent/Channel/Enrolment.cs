using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Channel;

/// <summary>
/// Gets the first certificate, once, and later ones in time. When an answer is lost the same request goes out again: the gateway takes
/// a used secret only together with the key that used it. An agent whose certificate has run out does not enrol by itself.
/// </summary>
internal sealed class Enrolment(
    GuestBootstrap bootstrap,
    IReadOnlyList<string> capabilities,
    AgentIdentity identity,
    GatewayClient gateway,
    Retry retry,
    TimeProvider time,
    Action<string> log)
{
    // The least pause between two renewals, should the gateway's certificates live shorter than expected.
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    // Timers cannot wait for a month.
    private static readonly TimeSpan Most = TimeSpan.FromHours(12);

    public async Task EnsureEnrolledAsync(CancellationToken cancellationToken)
    {
        if (identity.Certificate is not null)
        {
            return;
        }

        var request = new EnrolmentRequest(
            bootstrap.InstanceId,
            bootstrap.EnrolmentSecret,
            identity.MakeCertificateRequest(),
            AgentVersion.Text,
            ProtocolVersion.Oldest,
            ProtocolVersion.Current,
            capabilities,
            new MachineFacts(bootstrap.MemoryMb, bootstrap.Cpus));
        var answer = await retry.UntilDoneAsync("enrolment", token => gateway.EnrolAsync(request, token), cancellationToken);
        Accept(answer);
        log("Enrolled.");
    }

    public async Task KeepRenewedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = UntilRenewal();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait < Most ? wait : Most, time, cancellationToken);
                continue;
            }

            var request = new RenewalRequest(identity.MakeCertificateRequest());
            Accept(await retry.UntilDoneAsync("renewal", token => gateway.RenewAsync(request, token), cancellationToken));
            log("The certificate was renewed.");
            await Task.Delay(Least, time, cancellationToken);
        }
    }

    /// <summary>At two thirds of the certificate's life.</summary>
    private TimeSpan UntilRenewal()
    {
        var certificate = identity.Certificate!;
        var life = certificate.NotAfter - certificate.NotBefore;
        return certificate.NotAfter.ToUniversalTime() - (life / 3) - time.GetUtcNow().UtcDateTime;
    }

    private void Accept(EnrolmentAnswer answer)
    {
        identity.Accept(answer.Certificate);
        gateway.UseNewCertificate();
    }
}
