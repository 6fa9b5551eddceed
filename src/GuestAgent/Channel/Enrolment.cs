using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Channel;

/// <summary>
/// Gets the first certificate, once, and later ones in time. When an answer is lost the same request goes out again: the gateway takes
/// a used secret only together with the key that used it. A certificate that has run out while the agent was away is still good for its own
/// renewal, for as long as the gateway allows.
/// </summary>
internal sealed class Enrolment(
    GuestBootstrap bootstrap,
    IReadOnlyList<string> capabilities,
    ProtocolRange speaks,
    string? bootId,
    AgentIdentity identity,
    GatewayClient gateway,
    GatewayList gateways,
    Retry retry,
    TimeProvider time,
    Action<string> log)
{
    // The least pause between two renewals, should the gateway's certificates live shorter than expected.
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    // Timers cannot wait for a month.
    private static readonly TimeSpan Most = TimeSpan.FromHours(12);

    private AgentHello Hello => new(
        AgentVersion.Text,
        speaks.Oldest,
        speaks.Newest,
        capabilities,
        new MachineFacts(bootstrap.MemoryMb, bootstrap.Cpus, bootId));

    /// <summary>When it completes, the agent has its certificate, and agent and gateway know how to speak with each other.</summary>
    public async Task EnsureEnrolledAsync(CancellationToken cancellationToken)
    {
        if (identity.Certificate is null)
        {
            var request = new EnrolmentRequest(
                bootstrap.InstanceId, bootstrap.EnrolmentSecret, identity.MakeCertificateRequest(), Hello);
            Accept(await retry.UntilDoneAsync("enrolment", token => gateway.EnrolAsync(request, token), cancellationToken));
            log("Enrolled.");
        }
        else if (UntilRenewal() <= TimeSpan.Zero)
        {
            await RenewAsync(cancellationToken);
        }

        var protocol = await SayHelloAsync(cancellationToken);
        log($"The gateway speaks version {protocol} of the guest protocol with this agent.");
    }

    /// <summary>Asks again which gateways there are, when one of them was lost, and now and then.</summary>
    public async Task KeepInformedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await gateways.WaitForMoveAsync(Most / 2 * (0.5 + Random.Shared.NextDouble()), cancellationToken);

            // Many lose the same one at the same time.
            await Task.Delay(Least * Random.Shared.NextDouble(), time, cancellationToken);
            await SayHelloAsync(cancellationToken);
        }
    }

    private Task<int> SayHelloAsync(CancellationToken cancellationToken) => retry.UntilDoneAsync(
        "hello",
        async token =>
        {
            var answer = await gateway.HelloAsync(Hello, token);
            return Known(answer.Protocol);
        },
        cancellationToken);

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

            await RenewAsync(cancellationToken);
            await Task.Delay(Least, time, cancellationToken);
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var request = new RenewalRequest(identity.MakeCertificateRequest(), Hello);
        Accept(await retry.UntilDoneAsync("renewal", token => gateway.RenewAsync(request, token), cancellationToken));
        log("The certificate was renewed.");
    }

    /// <summary>At two thirds of the certificate's life.</summary>
    private TimeSpan UntilRenewal()
    {
        var certificate = identity.Certificate!;
        var life = certificate.NotAfter - certificate.NotBefore;
        return certificate.NotAfter.ToUniversalTime() - (life / 3) - time.GetUtcNow().UtcDateTime;
    }

    private int Known(int protocol) => speaks.Contains(protocol)
        ? protocol
        : throw new GatewayException(
            $"The gateway wants to speak version {protocol} of the guest protocol; this agent speaks {speaks}.", refused: true);

    private void Accept(EnrolmentAnswer answer)
    {
        identity.Accept(answer.Certificate);
        gateway.UseNewCertificate();
    }
}
