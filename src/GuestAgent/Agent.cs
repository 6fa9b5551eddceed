using System.Net;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Commands;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Machine;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Transfer;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent;

/// <summary>
/// One agent: its parts put together, and its loops. The database is taken over without asking a gateway; the channel comes beside it.
/// </summary>
internal sealed class Agent(
    GuestBootstrap bootstrap, Func<DatastoreHost, Datastore> createDatastore, Action<int> settleDatabase, TimeProvider time, Action<string> log)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        var folders = HostFolders.EnsureState(bootstrap);
        using var alone = await AgentLock.TakeAsync(folders.State, time, stopping);
        var tools = new ProcessRunner(folders.Key);
        await tools.EndLeftoversAsync(stopping);
        var volume = VolumeWith(tools);
        await volume.EnsureMountedAsync(stopping);
        folders.EnsureVolume(bootstrap);

        var trust = new Trust(bootstrap.CaCertificates);
        using var identity = new AgentIdentity(folders.Identity);
        using var gateway = new GatewayClient([.. bootstrap.GatewayUrls.Select(url => new Uri(url))], trust, identity);
        var retry = new Retry(time, Random.Shared.NextDouble, log);

        var events = new EventQueue(folders.State, time, NewId, log);
        using var supervisor = new ServerSupervisor(folders.State, settleDatabase, time, NewId, events, log);
        var host = IPAddress.Parse(bootstrap.Address);
        await using var peers = new PeerStreams(bootstrap.InstanceId, host, folders.Offers, identity, trust, time, log);
        var datastore = createDatastore(Host(folders, tools, supervisor, peers));

        var turns = new TurnQueue();
        var role = new RoleLease(folders.State, time, log);
        var reports = new ReportBuilder(datastore, bootstrap.VolumePath, role, events, time, log);
        using var reporter = new Reporter(reports, role, events, gateway, retry, time);
        var journal = new CommandJournal(folders.Journal, time);
        var delivery = new ReplyDelivery(gateway, retry, reporter.Nudge, log);
        var dispatcher = new CommandDispatcher(
            new CommandHandlers(datastore, volume), journal, new FenceKeeper(folders.State), turns, events, delivery.DeliverAsync, time, log);
        var enrolment = new Enrolment(bootstrap, datastore.Capabilities, identity, gateway, retry, time, log);
        var commands = new CommandLoop(gateway, dispatcher, retry, time);

        events.Add("agent-started", $"The agent {AgentVersion.Text} was started.");
        var resume = turns.Take();
        try
        {
            await Loops.RunAsync(
                [
                    supervisor.WatchAsync,
                    token => ResumeAsync(datastore, resume, token),
                    journal.KeepPrunedAsync,
                    token => RestingMemory.KeepSmallAsync(() => !dispatcher.InHand.Any(), time, token),
                    async token =>
                    {
                        await enrolment.EnsureEnrolledAsync(token);
                        await Loops.RunAsync([commands.RunAsync, reporter.RunAsync, enrolment.KeepRenewedAsync], token);
                    },
                ],
                stopping);
        }
        finally
        {
            await dispatcher.WaitForEndAsync();
        }
    }

    /// <summary>The first turn is the database's own: no command comes before it.</summary>
    private async Task ResumeAsync(Datastore datastore, TurnQueue.Turn turn, CancellationToken cancellationToken)
    {
        using (turn)
        {
            try
            {
                await datastore.Server.ResumeAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Reports show the state that the server is in; a command may mend it.
                log($"The database could not be taken over: {e}");
            }
        }
    }

    private IDataVolume VolumeWith(ProcessRunner tools) => bootstrap.VolumeId is { } id
        ? new DeviceVolume(id, bootstrap.VolumePath, new BlockDevices("/sys/block"), new MachineTools(tools), time, log)
        : new HostVolume(bootstrap.VolumePath);

    private DatastoreHost Host(HostFolders folders, ProcessRunner tools, ServerSupervisor supervisor, PeerStreams peers) => new()
    {
        InstanceId = bootstrap.InstanceId,
        Address = bootstrap.Address,
        UserAddresses = bootstrap.UserAddresses ?? [],
        Port = bootstrap.Port,
        VolumePath = bootstrap.VolumePath,
        StatePath = folders.Records,
        RunPath = folders.Run,
        TemplatesPath = bootstrap.TemplatesPath,
        UserId = bootstrap.DatabaseUserId,
        MemoryMb = bootstrap.MemoryMb,
        Cpus = bootstrap.Cpus,
        Processes = tools,
        Supervisor = supervisor,
        PeerStreams = peers,
        Time = time,
        Log = log,
    };

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
