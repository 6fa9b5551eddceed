using System.Net;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Commands;
using Dbaas.GuestAgent.Events;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestAgent.Machine;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Transfer;
using Dbaas.GuestAgent.Upgrade;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent;

/// <summary>
/// One agent: its parts put together, and its loops. The database is taken over without asking a gateway; the channel comes beside it.
/// </summary>
/// <param name="bootstrap">What this server was given.</param>
/// <param name="createDatastore">Its datastore.</param>
/// <param name="settleDatabase">Puts a database's process where it belongs.</param>
/// <param name="speaks">The versions of the guest protocol.</param>
/// <param name="slot">The slot that this program was started from; null: it is the one that the server came with.</param>
/// <param name="time">The time.</param>
/// <param name="log">For the operator.</param>
internal sealed class Agent(
    GuestBootstrap bootstrap,
    Func<DatastoreHost, Datastore> createDatastore,
    Action<int> settleDatabase,
    ProtocolRange speaks,
    string? bootId,
    string? slot,
    TimeProvider time,
    Action<string> log)
{
    /// <summary>Runs until it is told to stop (which it throws), or gives way to another release of itself.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            await RunAsync(() => _ = end.CancelAsync(), end.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested && end.IsCancellationRequested)
        {
            // It was its own wish.
        }
    }

    private async Task RunAsync(Action giveWay, CancellationToken stopping)
    {
        var folders = HostFolders.EnsureState(bootstrap);
        using var alone = await AgentLock.TakeAsync(folders.State, time, stopping);
        var tools = new ProcessRunner(folders.Key);
        await tools.EndLeftoversAsync(stopping);
        var volume = VolumeWith(tools);
        await volume.EnsureMountedAsync(stopping);
        folders.EnsureVolume(bootstrap);

        var trust = new Trust(bootstrap.CaCertificates);
        using var identity = new AgentIdentity(folders.Identity, log);
        var gateways = new GatewayList(
            bootstrap.GatewayUrls, Path.Combine(folders.State, "gateways.json"), Random.Shared.NextDouble, time, log);
        using var gateway = new GatewayClient(gateways, trust, identity);
        using var outside = new OutsideStores(time);
        var retry = new Retry(time, Random.Shared.NextDouble, log);

        using var changes = new Changes();
        var events = new EventQueue(folders.State, changes.Tell, time, NewId, log);
        var jobs = new JobList();
        using var supervisor = new ServerSupervisor(
            folders.State, folders.Key, settleDatabase, time, NewId, events, changes.Tell,
            () => jobs.EndThoseOnServer("the database server was stopped."), log);
        var host = IPAddress.Parse(bootstrap.Address);
        await using var peers = new PeerStreams(bootstrap.InstanceId, host, folders.Offers, identity, trust, time, log);
        var datastore = createDatastore(Host(folders, tools, supervisor, peers, events));

        var turns = new TurnQueue();
        var slots = new Slots(folders.State);
        var probation = new Probation(slots, slot, log);
        var role = new RoleLease(folders.State, time, log);
        var reports = new ReportBuilder(
            datastore, new VolumeLook(bootstrap.VolumePath, time), new VolumeAlarm(events), role, jobs, events, time, log);
        var reporter = new Reporter(reports, changes, role, events, probation, gateway, retry, time);
        var journal = new CommandJournal(folders.Journal, time, log);
        var delivery = new ReplyDelivery(gateway, retry, reporter.BringUpToDateAsync, time, log);
        SecretPipe.Sweep(folders.State);
        using var store = new GatewayStore(gateway, outside, time, log);
        var objects = new ObjectStreams(store, new LogReports(gateway, time, log), tools, folders.State, time);
        var handlers = new CommandHandlers(
            datastore, volume, new SelfLook(bootstrap), new AgentUpgrade(slots, probation, gateway, giveWay, log), jobs, objects, time);
        var dispatcher = new CommandDispatcher(
            handlers, journal, new FenceKeeper(folders.State, journal, log), turns, jobs, events, delivery.DeliverAsync, speaks, time, log);
        var enrolment = new Enrolment(bootstrap, datastore.Capabilities, speaks, bootId, identity, gateway, gateways, retry, time, log);
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
                    async token =>
                    {
                        await enrolment.EnsureEnrolledAsync(token);
                        await Loops.RunAsync(
                            [commands.RunAsync, reporter.RunAsync, enrolment.KeepRenewedAsync, enrolment.KeepInformedAsync], token);
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

    private DatastoreHost Host(
        HostFolders folders, ProcessRunner tools, ServerSupervisor supervisor, PeerStreams peers, EventQueue events) => new()
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
        Tell = events.Add,
        Log = log,
    };

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
