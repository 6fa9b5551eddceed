using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.Benchmarks.Scale;

/// <summary>An agent's own end of the channel, with its own key and certificate; behind it there is no database.</summary>
internal sealed class SimulatedAgent : IDisposable
{
    private const long Gigabyte = 1L << 30;

    // As an agent waits.
    private static readonly TimeSpan PollFor = TimeSpan.FromSeconds(20);

    private readonly string instanceId;
    private readonly FleetCounts counts;
    private readonly AgentIdentity identity;
    private readonly GatewayClient gateway;
    private readonly Enrolment enrolment;
    private readonly Retry retry;
    private long epoch;
    private double lease;

    public SimulatedAgent(FleetOrder order, FleetAgent agent, string folder, FleetCounts counts)
    {
        (instanceId, this.counts) = (agent.InstanceId, counts);
        var time = TimeProvider.System;
        var bootstrap = new GuestBootstrap
        {
            InstanceId = agent.InstanceId,
            Datastore = "mariadb",
            GatewayUrls = [order.GatewayUrl],
            CaCertificates = order.Authority,
            EnrolmentSecret = agent.Secret,
            Address = "127.0.0.1",
            Port = 3306,
            VolumePath = folder,
            StatePath = folder,
            MemoryMb = 512,
            Cpus = 1,
        };
        identity = new AgentIdentity(folder, Ignore);
        var gateways = new GatewayList(bootstrap.GatewayUrls, null, Random.Shared.NextDouble, time, Ignore);
        gateway = new GatewayClient(gateways, new Trust(order.Authority), identity);
        retry = new Retry(time, Random.Shared.NextDouble, counts.Trouble);
        enrolment = new Enrolment(
            bootstrap, ["replication", "accounts"], ProtocolRange.Ours, null, identity, gateway, gateways, retry, time, Ignore);
    }

    /// <summary>Enrols, says hello and reports once.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await enrolment.EnsureEnrolledAsync(cancellationToken);
        await ReportAsync(cancellationToken);
        counts.IsReady();
    }

    /// <summary>Waits for commands and reports, as an agent at rest does.</summary>
    public Task RestAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(PollAlwaysAsync(cancellationToken), ReportAlwaysAsync(cancellationToken));

    public void Dispose()
    {
        gateway.Dispose();
        identity.Dispose();
    }

    private async Task ReportAlwaysAsync(CancellationToken cancellationToken)
    {
        var next = Random.Shared.NextDouble() * 10;
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(next), cancellationToken);
            var since = TimeProvider.System.GetTimestamp();
            var asked = await ReportAsync(cancellationToken);
            next = Math.Max(0, (counts.Pace ?? asked) - TimeProvider.System.GetElapsedTime(since).TotalSeconds);
        }
    }

    private async Task<double> ReportAsync(CancellationToken cancellationToken)
    {
        var report = new GuestReport
        {
            AgentVersion = "simulated",
            State = ServerState.Healthy,
            ServerVersion = "10.11.19-MariaDB",
            Volume = new VolumeUse(2 * Gigabyte, Gigabyte / 4),
            Replication = new ReplicationReport(),
            Figures = new ServerFigures(3, 1000),
            RoleEpoch = epoch,
            LeaseLeftSeconds = lease,
        };
        var answer = await retry.UntilDoneAsync("report", token => gateway.ReportAsync(report, token), cancellationToken);
        (epoch, lease) = (answer.RoleEpoch, answer.LeaseUntilSeconds);
        counts.Reported();
        return answer.NextInSeconds;
    }

    private async Task PollAlwaysAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var batch = await retry.UntilDoneAsync("commands", token => gateway.PollAsync([], PollFor, token), cancellationToken);
            foreach (var command in batch.Commands)
            {
                counts.Commanded(instanceId);
                var reply = new ReplyEnvelope(command.Id, Outcome.Succeeded, null, null);
                await retry.UntilDoneAsync(
                    "reply",
                    async token =>
                    {
                        await gateway.ReplyAsync(reply, token);
                        return true;
                    },
                    cancellationToken);
            }
        }
    }

    private static void Ignore(string message)
    {
    }
}
