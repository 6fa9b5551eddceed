using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Simulation.Effects;
using Dbaas.TaskManager.Guests.Gateway;

namespace Dbaas.Simulation.Guests;

/// <summary>
/// A server's agent with its database. It speaks to the real directory behind the gateway, keeps a journal and the highest fence on its
/// disk, and forgets all else when it is started again.
/// </summary>
public sealed class SimulatedGuest(string name, JsonObject bootstrap, World world, SimulatedDatabase database)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, ReplyEnvelope> journal = [];
    private readonly Dictionary<string, DateTimeOffset> inHand = [];
    private readonly string secret = (string)bootstrap["enrolment_secret"]!;
    private Fence? highest;
    private Fence? carried;
    private GuestReport? reported;
    private long reportedAt;
    private bool hasGreeted;
    private int boots = 1;

    /// <summary>The instance that it is.</summary>
    public string InstanceId { get; } = (string)bootstrap["instance_id"]!;

    /// <summary>Its database, on the volume.</summary>
    public SimulatedDatabase Database => database;

    /// <summary>The release of its agent.</summary>
    public string AgentVersion { get; private set; } = "simulated";

    /// <summary>How full its volume is; null: it does not say.</summary>
    public VolumeUse? Volume { get; set; }

    /// <summary>It has its certificate.</summary>
    public bool IsEnrolled { get; private set; }

    /// <summary>It started and said nothing yet.</summary>
    public bool IsToCall => !IsEnrolled || !hasGreeted;

    /// <summary>The server runs and can be reached.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>When the next command that takes its time is ready; null: there is none.</summary>
    public DateTimeOffset? NextReady => IsAlive && inHand.Count > 0 ? inHand.Values.Min() : null;

    private AgentHello Hello =>
        new(
            AgentVersion, ProtocolVersion.Oldest, ProtocolVersion.Current, ["backups", "log-archive"],
            new MachineFacts(512, 1, $"boot-{boots}"));

    private string Serial => "serial-of-" + EnrolmentSecret.Hash(secret)[..40];

    /// <summary>The server is gone from the network, with its database.</summary>
    public void Die()
    {
        IsAlive = false;
        inHand.Clear();
    }

    /// <summary>The agent starts, again or after the server came back: its disk is all that it has.</summary>
    public void Restart()
    {
        IsAlive = true;
        hasGreeted = false;
        inHand.Clear();
    }

    /// <summary>The machine goes down and comes up.</summary>
    /// <returns>False: it was down already.</returns>
    public bool Reboot()
    {
        boots++;
        if (IsAlive)
        {
            Restart();
        }

        return IsAlive;
    }

    /// <summary>Does the next thing that there is to do.</summary>
    /// <returns>False: nothing.</returns>
    public async Task<bool> ActAsync(IEffects effects)
    {
        if (!IsAlive)
        {
            return false;
        }

        if (!IsEnrolled)
        {
            return await EnrolAsync(effects);
        }

        if (!await world.Directory.IsCurrentCertificateAsync(InstanceId, Serial, atOnce: true, CancellationToken.None))
        {
            return false;
        }

        if (!hasGreeted)
        {
            hasGreeted = await effects.DoAsync(
                "hello",
                () => world.Directory.TryRecordHelloAsync(InstanceId, Serial, Hello, ProtocolVersion.Current, CancellationToken.None));
            return true;
        }

        foreach (var command in await world.Directory.GetPendingCommandsAsync(InstanceId, atOnce: true, CancellationToken.None))
        {
            if (await AnswerAsync(command, effects))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reports when something has changed, or when it is time.</summary>
    public async Task ReportAsync()
    {
        var now = world.Clock.GetTimestamp();
        var report = Look();
        var isNews = reported is null || !IsSame(report, reported) || now - reportedAt >= ReportEvery.Ticks;
        if (IsAlive && IsEnrolled && isNews
            && await world.Directory.IsCurrentCertificateAsync(InstanceId, Serial, atOnce: true, CancellationToken.None))
        {
            await world.Directory.AcceptReportAsync(InstanceId, report, CancellationToken.None);
            (reported, reportedAt) = (report, now);
        }
    }

    internal SimulatedGuest CopyTo(World other, SimulatedDatabase copiedDatabase)
    {
        var copy = new SimulatedGuest(name, (JsonObject)bootstrap.DeepClone(), other, copiedDatabase)
        {
            IsEnrolled = IsEnrolled, IsAlive = IsAlive, highest = highest, carried = carried, reported = reported, reportedAt = reportedAt,
            AgentVersion = AgentVersion, hasGreeted = hasGreeted, boots = boots,
        };
        foreach (var (id, reply) in journal)
        {
            copy.journal.Add(id, reply);
        }

        return copy;
    }

    private bool Follows(bool isThere) => Database.Follows is { } master && world.Reachable().ContainsKey(master) == isThere;

    private GuestReport Look() => new()
    {
        AgentVersion = AgentVersion,
        State = Database switch
        {
            { IsPrepared: false } => ServerState.Unprepared,
            { IsRunning: false } => ServerState.Stopped,

            // What takes its time is a restart.
            _ when inHand.Count > 0 => ServerState.Starting,
            _ => ServerState.Healthy,
        },
        Volume = Volume,
        Replication = new ReplicationReport
        {
            SourceHost = Database.Follows,
            Receiving = Database.IsReceiving && Follows(isThere: true),
            SourceLost = Database.IsReceiving && Follows(isThere: false),
            Applying = Database.Follows is not null,
            LagSeconds = Database.Follows is not null ? 0 : null,
            ReadOnly = Database.IsReadOnly,
            LogOn = Database.LogOn,
            KnownSlaves = [.. Database.ReplicationUsers.Keys],
        },
    };

    // Their lists are equal when what is in them is.
    private static bool IsSame(GuestReport one, GuestReport other) =>
        one.State == other.State && one.Volume == other.Volume
        && one.Replication! with { KnownSlaves = [] } == other.Replication! with { KnownSlaves = [] }
        && one.Replication.KnownSlaves.SequenceEqual(other.Replication.KnownSlaves);

    private async Task<bool> EnrolAsync(IEffects effects)
    {
        if (world.GuestFaults.Mute.Contains(name))
        {
            return false;
        }

        var used = new UsedSecret(InstanceId, EnrolmentSecret.Hash(secret), "key-of-" + EnrolmentSecret.Hash(secret));
        var accepted = await effects.DoAsync(
            "enrolment",
            () => world.Directory.TryUseEnrolmentSecretAsync(used, CancellationToken.None));
        if (!accepted)
        {
            return false;
        }

        var recorded = await effects.DoAsync(
            "certificate",
            () => world.Directory.TryRecordEnrolmentAsync(used, Serial, Hello, ProtocolVersion.Current, CancellationToken.None));
        if (!recorded)
        {
            return false;
        }

        IsEnrolled = hasGreeted = true;
        await ReportAsync();
        return true;
    }

    /// <returns>False: it takes its time, or the guest died of it.</returns>
    private async Task<bool> AnswerAsync(CommandEnvelope command, IEffects effects)
    {
        if (!journal.TryGetValue(command.Id, out var reply))
        {
            if (!inHand.TryGetValue(command.Id, out var ready))
            {
                var (trouble, delay) = world.GuestFaults.Take(name, command.Kind);
                if (trouble == GuestTrouble.Delay)
                {
                    inHand[command.Id] = world.Clock.Steady + delay;
                    return false;
                }

                reply = await MeetAsync(trouble, command, effects);
            }
            else if (ready > world.Clock.Steady)
            {
                return false;
            }
            else
            {
                inHand.Remove(command.Id);
                reply = await effects.DoAsync(command.Kind, () => CarryAsync(command));
            }

            if (reply is null)
            {
                return true;
            }

            journal[command.Id] = reply;
            await ReportAsync();
        }

        await effects.DoAsync(
            "answer to " + command.Kind, () => world.Directory.AcceptReplyAsync(InstanceId, reply, CancellationToken.None));
        return true;
    }

    private async Task<ReplyEnvelope?> MeetAsync(GuestTrouble trouble, CommandEnvelope command, IEffects effects)
    {
        switch (trouble)
        {
            case GuestTrouble.FailTransiently:
                return Failed(command, new GuestFault(FaultKind.Transient, $"{command.Kind} did not work this time."));
            case GuestTrouble.FailForGood:
                return Failed(command, new GuestFault(FaultKind.Permanent, $"{command.Kind} does not work."));
            case GuestTrouble.DieBefore:
                Die();
                return null;
            case GuestTrouble.DieAfter:
                await CarryAsync(command);
                Die();
                return null;
            case GuestTrouble.DoAndFailTransiently:
                await CarryAsync(command);
                return Failed(command, new GuestFault(FaultKind.Transient, $"{command.Kind} took too long."));
            case GuestTrouble.LoseAnswer:
                await CarryAsync(command);
                return null;
            default:
                return await effects.DoAsync<ReplyEnvelope?>(
                    command.Kind,
                    async () => GuestCommand.Parse(command.Kind, command.Body) is UpgradeAgent wanted
                        ? Upgrade(command, wanted)
                        : await CarryAsync(command));
        }
    }

    /// <summary>The agent that is asked ends, and the new one is asked again.</summary>
    private ReplyEnvelope? Upgrade(CommandEnvelope command, UpgradeAgent wanted)
    {
        if (Refuse(command) is { } refusal)
        {
            return refusal;
        }

        if (AgentVersion == wanted.Version)
        {
            return new ReplyEnvelope(command.Id, Outcome.Succeeded, null, null);
        }

        AgentVersion = wanted.Version;
        Restart();
        return null;
    }

    private ReplyEnvelope? Refuse(CommandEnvelope command)
    {
        if (command.Fence < highest)
        {
            return new ReplyEnvelope(command.Id, Outcome.Fenced, null, null);
        }

        highest = command.Fence ?? highest;
        if (command.Fence is { } fence)
        {
            // Kept apart from the check above, so that a mistake in it is seen.
            if (carried > fence)
            {
                throw new SimulationException($"{InstanceId} carried out {command.Kind} with {fence} after {carried}.");
            }

            carried = fence;
        }

        return null;
    }

    private async Task<ReplyEnvelope> CarryAsync(CommandEnvelope command)
    {
        if (Refuse(command) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var backups = new SimulatedBackups(world, InstanceId, Database);
            var body = GuestCommand.Parse(command.Kind, command.Body)! switch
            {
                CreateBackup backup => await backups.CreateAsync(command.Id, backup),
                VerifyData => backups.Verify(),
                RestoreBackup restore => await backups.RestoreAsync(command.Id, restore),
                LoadReplicationSnapshot { Chain.Count: > 0 } load => await backups.LoadAsync(command.Id, load),
                ArchiveLog archive => await ArchiveAsync(command.Id, archive),
                ReadLog read => SimulatedGuestLog.Read(read),
                var other => Database.Carry(other, world.Reachable()),
            };
            return new ReplyEnvelope(command.Id, Outcome.Succeeded, null, body);
        }
        catch (GuestFaultException e)
        {
            return Failed(command, e.Fault);
        }
    }

    private async Task<JsonElement?> ArchiveAsync(string commandId, ArchiveLog archive)
    {
        await new SimulatedLogs(world, InstanceId, Database).ArchiveAsync(commandId, archive);
        return null;
    }

    private static ReplyEnvelope Failed(CommandEnvelope command, GuestFault fault) => new(command.Id, Outcome.Failed, fault, null);
}
