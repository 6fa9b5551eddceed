using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol.Channel;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

/// <summary>Agents whose certificate ran out while they were away.</summary>
public sealed class ExpiryTests : IDisposable
{
    private const string Instance = "0198c0de-0000-7000-8000-000000000001";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    // A certificate begins five minutes before it is made: this one has ended when it is handed out.
    private static readonly TimeSpan Over = TimeSpan.FromMinutes(-1);

    private readonly TempFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_agent_that_was_away_too_long_renews_its_certificate_and_goes_on()
    {
        var past = await TestGateway.StartAsync(folder.Path, agentLife: Over);
        var (directory, port) = (past.Directory, past.Url.Port);
        var bootstrap = RunningAgent.Bootstrap(
            folder.Path, Instance, directory.Provision(Instance), past.Authority.CertificatesPem, past.Url);
        using (var identity = new AgentIdentity(Path.Combine(bootstrap.StatePath, "identity"), _ => { }))
        {
            using var client = past.Client(identity);
            identity.Accept((await client.EnrolAsync(
                new EnrolmentRequest(Instance, bootstrap.EnrolmentSecret, identity.MakeCertificateRequest(), ChannelTests.Hello(1, 1)),
                Cancel)).Certificate);
        }

        await past.DisposeAsync();
        await using var gateway = await TestGateway.StartAsync(folder.Path, directory, port: port);
        await using var agent = new RunningAgent(bootstrap, new FakeDatastore());

        await Eventually.HoldsAsync("a report", Soon, () => directory.Reports.Count > 0);
        Assert.Equal(2, directory.Certificates.Count);
        Assert.Empty(directory.Refusals);
    }

    [Fact]
    public async Task What_has_run_out_is_good_for_its_renewal_alone()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path, agentLife: Over);
        using var identity = await EnrolledAsync(gateway);
        using var client = gateway.Client(identity);

        foreach (var call in new Func<Task>[]
        {
            () => client.PollAsync([], TimeSpan.Zero, Cancel),
            () => client.HelloAsync(ChannelTests.Hello(1, 1), Cancel),
            () => EnrolAsync(client, identity, gateway.Directory.Provision(Instance)),
        })
        {
            Assert.Contains("401", (await Assert.ThrowsAsync<GatewayException>(call)).Message, StringComparison.Ordinal);
        }

        Assert.NotNull(await RenewAsync(client, identity));
        Assert.Empty(gateway.Directory.Refusals);
    }

    [Fact]
    public async Task What_has_run_out_and_was_revoked_is_not_renewed()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path, agentLife: Over);
        using var identity = await EnrolledAsync(gateway);
        using var client = gateway.Client(identity);
        gateway.Directory.Delete(Instance);

        var refusal = await Assert.ThrowsAsync<GatewayException>(() => RenewAsync(client, identity));

        Assert.True(refusal.Refused);
        Assert.Equal([(Instance, RefusalKinds.Certificate)], gateway.Directory.Refusals);
    }

    [Fact]
    public async Task What_ran_out_longer_ago_than_the_grace_is_refused_and_recorded_and_a_longer_grace_lets_it_in()
    {
        var strict = await TestGateway.StartAsync(folder.Path, agentLife: Over, grace: TimeSpan.FromSeconds(5));
        using var identity = await EnrolledAsync(strict);
        using (var client = strict.Client(identity))
        {
            Assert.True((await Assert.ThrowsAsync<GatewayException>(() => RenewAsync(client, identity))).Refused);
        }

        Assert.Equal([(Instance, RefusalKinds.Certificate)], strict.Directory.Refusals);
        await strict.DisposeAsync();

        await using var lenient = await TestGateway.StartAsync(folder.Path, strict.Directory, grace: TimeSpan.FromDays(1));
        using var again = lenient.Client(identity);
        identity.Accept((await RenewAsync(again, identity)).Certificate);
        again.UseNewCertificate();
        Assert.Equal(1, (await again.HelloAsync(ChannelTests.Hello(1, 1), Cancel)).Protocol);
    }

    [Fact]
    public async Task What_has_run_out_and_is_of_another_authority_does_not_pass_the_handshake()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        await using var foreign = await TestGateway.StartAsync(folder.Below("foreign"), agentLife: Over);
        using var identity = await EnrolledAsync(foreign);
        using var client = gateway.Client(identity);

        var failure = await Assert.ThrowsAsync<GatewayException>(() => RenewAsync(client, identity));

        Assert.False(failure.Refused);
        Assert.DoesNotContain("answered", failure.Message, StringComparison.Ordinal);
        Assert.Empty(gateway.Directory.Refusals);
    }

    private async Task<AgentIdentity> EnrolledAsync(TestGateway gateway)
    {
        var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        using var client = gateway.Client(identity);
        identity.Accept((await EnrolAsync(client, identity, gateway.Directory.Provision(Instance))).Certificate);
        return identity;
    }

    private static Task<EnrolmentAnswer> EnrolAsync(GatewayClient client, AgentIdentity identity, string secret) =>
        client.EnrolAsync(new EnrolmentRequest(Instance, secret, identity.MakeCertificateRequest(), ChannelTests.Hello(1, 1)), Cancel);

    private static Task<EnrolmentAnswer> RenewAsync(GatewayClient client, AgentIdentity identity) =>
        client.RenewAsync(new RenewalRequest(identity.MakeCertificateRequest(), ChannelTests.Hello(1, 1)), Cancel);
}
