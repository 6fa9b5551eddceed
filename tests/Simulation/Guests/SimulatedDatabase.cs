using System.Text.Json;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Simulation.Guests;

/// <summary>A small model of a database server: every command makes sure of something, as the real ones do.</summary>
public sealed class SimulatedDatabase(string instanceId)
{
    /// <summary>Prepared.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>Its server runs.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The server id of its data.</summary>
    public uint ServerId { get; private set; }

    /// <summary>Names of databases.</summary>
    public SortedSet<string> Databases { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Names of users.</summary>
    public SortedSet<string> Users { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>The binary log is on.</summary>
    public bool LogOn { get; private set; }

    /// <summary>Raised each time that the log is turned on.</summary>
    public int Epoch { get; private set; }

    /// <summary>How often it was restarted on request.</summary>
    public int Restarts { get; private set; }

    private HashSet<string> RestartIds { get; init; } = [];

    /// <summary>How often it was demoted while its log was on.</summary>
    public int Demotions { get; private set; }

    /// <summary>Replication users: slave to password.</summary>
    public SortedDictionary<string, string> ReplicationUsers { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Open offers: snapshot to slave.</summary>
    public SortedDictionary<string, string> Offers { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>The values of its configuration group.</summary>
    public SortedDictionary<string, string> Configuration { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>The master that it follows.</summary>
    public string? Follows { get; private set; }

    /// <summary>The master's epoch that it follows.</summary>
    public int FollowedEpoch { get; private set; }

    /// <summary>It receives from the master that it follows.</summary>
    public bool IsReceiving { get; private set; } = true;

    /// <summary>Transactions that it has and others of its set may lack.</summary>
    public SortedSet<int> Transactions { get; init; } = [];

    /// <summary>Ordinary clients cannot write.</summary>
    public bool IsReadOnly { get; private set; }

    /// <summary>The backup that its agent says a slave can go on from, whatever it was told; null: it says what is so.</summary>
    public string? Names { get; set; }

    /// <summary>Whose place it took.</summary>
    public string? TookThePlaceOf { get; private set; }

    private BinaryLogMode Mode { get; set; }

    /// <summary>The master whose data it has, and of which epoch that is.</summary>
    private (string MasterId, int Epoch)? Loaded { get; set; }

    /// <summary>Whether that slave receives what this master writes.</summary>
    public bool Feeds(SimulatedDatabase slave, string slaveId) =>
        slave.Follows == instanceId && slave.IsReceiving && slave.FollowedEpoch == Epoch && LogOn && ReplicationUsers.ContainsKey(slaveId);

    /// <summary>Carries a command out.</summary>
    /// <param name="command">What.</param>
    /// <param name="peers">The databases that can be reached, by instance.</param>
    /// <returns>The result, if there is one.</returns>
    /// <exception cref="GuestFaultException">Refused.</exception>
    public JsonElement? Carry(GuestCommand command, IReadOnlyDictionary<string, SimulatedDatabase> peers) => command switch
    {
        PrepareServer prepare => Prepare(prepare),
        CancelJob => null,
        _ when !IsPrepared => throw new GuestFaultException(FaultKind.Precondition, "The database was not prepared."),
        RestartServer restart => Do(() => Restarts += restart.RestartId is not { } id || RestartIds.Add(id) ? 1 : 0),
        ApplyConfiguration apply => Apply(apply),
        StartServer => Do(() => IsRunning = true),
        StopServer => Do(() => IsRunning = false),
        GrowVolume => JsonSerializer.SerializeToElement(new VolumeSize(0, 0), ProtocolJson.Options),
        GetReplicationSnapshot get => Offer(get),
        GetPosition => Position(),
        CloseReplicationSnapshot close => Do(() => Offers.Remove(close.SnapshotId)),
        LoadReplicationSnapshot load => Load(SimulatedSnapshot.Open(load.Snapshot), peers),
        AttachReplicationSlave attach => Attach(SimulatedSnapshot.Open(attach.Snapshot), peers),
        DetachReplicationSlave detach => Do(() => Detach(detach.Reason)),
        ForgetReplicationSlave forget => Do(() => Forget(forget.SlaveId)),
        DemoteReplicationMaster => Demote(peers),
        StopWrites => StopClients(),
        SetWritable { Writable: true } => LetClientsWrite(peers),
        WaitForPosition => null,
        StopReceiving => StopToReceive(),
        ResumeReceiving => Do(() => IsReceiving = true),
        ComparePosition compare => Compare(compare.Position),
        PromoteReplicationSlave => Promote(peers),
        OfferFollowing offer => Offer(offer.SlaveId),
        _ => throw new GuestFaultException(FaultKind.Unsupported, $"The simulation cannot do {command.KindName()}."),
    };

    /// <summary>What a backup has of it.</summary>
    public SimulatedContent Content() => new([.. Databases], [.. Users], Follows is not null ? FollowedEpoch : LogOn ? Epoch : 0);

    /// <summary>It has what a backup had.</summary>
    public void Fill(SimulatedContent content)
    {
        Databases.UnionWith(content.Databases);
        Users.UnionWith(content.Users);
    }

    /// <summary>It has what a backup of its master had, and follows from there.</summary>
    internal void Load(SimulatedSnapshot snapshot, SimulatedContent content)
    {
        if (content.Epoch != snapshot.Epoch)
        {
            throw new SimulationException($"{instanceId} was to go on from a backup of period {content.Epoch} in {snapshot.Epoch}.");
        }

        Fill(content);
        Loaded = (snapshot.MasterId, snapshot.Epoch);
    }

    /// <summary>Its server is gone, and with it what the agent knew of what was asked for.</summary>
    public void PowerOff()
    {
        IsRunning = false;
        RestartIds.Clear();
    }

    internal SimulatedDatabase Copy() => new(instanceId)
    {
        IsPrepared = IsPrepared,
        IsRunning = IsRunning,
        ServerId = ServerId,
        Databases = new(Databases, StringComparer.Ordinal),
        Users = new(Users, StringComparer.Ordinal),
        LogOn = LogOn,
        Epoch = Epoch,
        Restarts = Restarts,
        RestartIds = [.. RestartIds],
        Demotions = Demotions,
        ReplicationUsers = new(ReplicationUsers, StringComparer.Ordinal),
        Offers = new(Offers, StringComparer.Ordinal),
        Follows = Follows,
        FollowedEpoch = FollowedEpoch,
        IsReadOnly = IsReadOnly,
        IsReceiving = IsReceiving,
        Transactions = [.. Transactions],
        TookThePlaceOf = TookThePlaceOf,
        Mode = Mode,
        Loaded = Loaded,
        Configuration = new(Configuration, StringComparer.Ordinal),
    };

    private static JsonElement? Do(Action act)
    {
        act();
        return null;
    }

    private JsonElement? Prepare(PrepareServer prepare)
    {
        if (IsPrepared && ServerId != prepare.ServerId)
        {
            throw new GuestFaultException(FaultKind.Precondition, "The data has another server id.");
        }

        IsRunning |= IsPrepared ? prepare.Origin == DataOrigin.Empty : prepare.Origin != DataOrigin.Restored;
        IsPrepared = true;
        ServerId = prepare.ServerId;
        Mode = prepare.BinaryLog;
        Configuration = new(prepare.Configuration.ToDictionary(), StringComparer.Ordinal);
        LogOn |= Mode == BinaryLogMode.Always;
        Databases.UnionWith(prepare.Databases.Select(one => one.Name));
        Users.UnionWith(prepare.Users.Select(one => one.Name));
        return null;
    }

    private JsonElement? Apply(ApplyConfiguration apply)
    {
        Configuration = new(apply.Configuration.ToDictionary(), StringComparer.Ordinal);
        return JsonSerializer.SerializeToElement(new ConfigurationApplied([]), ProtocolJson.Options);
    }

    private JsonElement? Offer(GetReplicationSnapshot get)
    {
        if (Follows is not null)
        {
            throw new GuestFaultException(FaultKind.Precondition, "A slave offers no snapshots.");
        }

        if (!LogOn)
        {
            LogOn = true;
            Epoch++;
        }

        ReplicationUsers.TryAdd(get.SlaveId, "password-of-" + get.SlaveId);
        var backup = Names ?? get.Backups.FirstOrDefault(
            candidate => JsonSerializer.Deserialize<SimulatedContent>(candidate.Chain[^1].Payload.Span)!.Epoch == Epoch)?.BackupId;
        if (backup is null)
        {
            Offers[get.SnapshotId] = get.SlaveId;
        }

        var snapshot = new SimulatedSnapshot(get.SnapshotId, instanceId, Epoch, get.SlaveId, ReplicationUsers[get.SlaveId]);
        return JsonSerializer.SerializeToElement(new SnapshotOffer(snapshot.Seal(), 1_000_000, backup), ProtocolJson.Options);
    }

    private JsonElement? Load(SimulatedSnapshot snapshot, IReadOnlyDictionary<string, SimulatedDatabase> peers)
    {
        if (Loaded is not null)
        {
            return null;
        }

        if (!peers.TryGetValue(snapshot.MasterId, out var master))
        {
            throw new GuestFaultException(FaultKind.Transient, "The master cannot be reached.");
        }

        if (master.Epoch != snapshot.Epoch || !master.Offers.ContainsKey(snapshot.SnapshotId)
            || master.ReplicationUsers.GetValueOrDefault(snapshot.SlaveId) != snapshot.Password)
        {
            throw new GuestFaultException(FaultKind.Permanent, "The master does not offer this snapshot any more.");
        }

        Databases.UnionWith(master.Databases);
        Loaded = (snapshot.MasterId, snapshot.Epoch);
        return null;
    }

    /// <summary>One that was asked by nobody to load does that first, as agents do for an operation of before that was a command.</summary>
    private JsonElement? Attach(SimulatedSnapshot snapshot, IReadOnlyDictionary<string, SimulatedDatabase> peers)
    {
        if (Follows == snapshot.MasterId && FollowedEpoch == snapshot.Epoch)
        {
            IsReceiving = true;
            return null;
        }

        // Who has the set's data needs no other: a slave of another master, or the former master.
        if (Follows is not null ? FollowedEpoch == snapshot.Epoch : LogOn && Epoch == snapshot.Epoch)
        {
            Loaded = (snapshot.MasterId, snapshot.Epoch);
        }

        Load(snapshot, peers);
        if (Loaded != (snapshot.MasterId, snapshot.Epoch))
        {
            throw new GuestFaultException(FaultKind.Precondition, "The data is of another period of the log.");
        }

        if (!peers.TryGetValue(snapshot.MasterId, out var master))
        {
            throw new GuestFaultException(FaultKind.Transient, "The master cannot be reached.");
        }

        if (master.ReplicationUsers.GetValueOrDefault(snapshot.SlaveId) != snapshot.Password)
        {
            throw new GuestFaultException(FaultKind.Permanent, "The master does not know this slave any more.");
        }

        (Follows, FollowedEpoch, IsReadOnly, IsReceiving) = (snapshot.MasterId, snapshot.Epoch, true, true);
        LogOn = false;
        ReplicationUsers.Clear();
        Offers.Clear();
        return null;
    }

    private JsonElement? StopClients()
    {
        if (Follows is not null)
        {
            throw new GuestFaultException(FaultKind.Precondition, "It follows.");
        }

        IsReadOnly = true;
        return Position();
    }

    private JsonElement? Position() => JsonSerializer.SerializeToElement(
        new PositionTold(new OpaqueDocument("simulated-position", 1, JsonSerializer.SerializeToUtf8Bytes(Transactions))),
        ProtocolJson.Options);

    private JsonElement? StopToReceive()
    {
        IsReceiving = false;
        return Position();
    }

    private JsonElement? Compare(OpaqueDocument position)
    {
        var other = JsonSerializer.Deserialize<SortedSet<int>>(position.Payload.Span)!;
        var relation = (Transactions.IsSupersetOf(other), other.IsSupersetOf(Transactions)) switch
        {
            (true, true) => PositionRelation.Equal,
            (true, false) => PositionRelation.Ahead,
            (false, true) => PositionRelation.Behind,
            _ => PositionRelation.Diverged,
        };
        return JsonSerializer.SerializeToElement(
            new PositionCompared(relation, Math.Abs(Transactions.Count - other.Count), "of their own"), ProtocolJson.Options);
    }

    private JsonElement? LetClientsWrite(IReadOnlyDictionary<string, SimulatedDatabase> peers)
    {
        if (Follows is not null)
        {
            throw new GuestFaultException(FaultKind.Precondition, "It follows.");
        }

        if (peers.Values.Any(peer => peer is { IsReadOnly: false, Follows: null } && peer.TookThePlaceOf == instanceId))
        {
            throw new SimulationException($"{instanceId} was to take writes while another does that took its place.");
        }

        IsReadOnly = false;
        return null;
    }

    private JsonElement? Promote(IReadOnlyDictionary<string, SimulatedDatabase> peers)
    {
        if (Follows is not { } master)
        {
            return null;
        }

        if (peers.TryGetValue(master, out var other) && !other.IsReadOnly)
        {
            throw new SimulationException($"{instanceId} was promoted while its master {master} takes writes.");
        }

        (TookThePlaceOf, Follows, IsReadOnly, LogOn, Epoch, IsReceiving) = (master, null, false, true, FollowedEpoch, true);
        return null;
    }

    private JsonElement? Offer(string slaveId)
    {
        if (Follows is not null || !LogOn)
        {
            throw new GuestFaultException(FaultKind.Precondition, "It is no master.");
        }

        ReplicationUsers.TryAdd(slaveId, "password-of-" + slaveId);
        var snapshot = new SimulatedSnapshot("", instanceId, Epoch, slaveId, ReplicationUsers[slaveId]);
        return JsonSerializer.SerializeToElement(new FollowingOffer(snapshot.Seal()), ProtocolJson.Options);
    }

    private void Detach(DetachReason reason)
    {
        Follows = null;
        IsReadOnly &= reason != DetachReason.Requested;
    }

    private void Forget(string slaveId)
    {
        ReplicationUsers.Remove(slaveId);
        foreach (var offer in Offers.Where(pair => pair.Value == slaveId).Select(pair => pair.Key).ToList())
        {
            Offers.Remove(offer);
        }
    }

    private JsonElement? Demote(IReadOnlyDictionary<string, SimulatedDatabase> peers)
    {
        if (peers.Where(peer => Feeds(peer.Value, peer.Key)).Select(peer => peer.Key).FirstOrDefault() is { } slave)
        {
            throw new SimulationException($"{instanceId} was demoted while it fed the slave {slave}.");
        }

        Demotions += LogOn ? 1 : 0;
        ReplicationUsers.Clear();
        Offers.Clear();
        LogOn = Mode == BinaryLogMode.Always;
        return null;
    }
}
