namespace Dbaas.TaskManager.Planning;

/// <summary>Taking a slave off its master, and demoting the master when that was its last slave: what is seen.</summary>
public sealed record LeaveMasterSeen
{
    /// <summary>The instance names a master.</summary>
    public required bool HasMaster { get; init; }

    /// <summary>The slave is to be deleted: what it still lacks does not matter.</summary>
    public required bool SlaveIsDeleted { get; init; }

    /// <summary>The slave answers.</summary>
    public required bool SlaveAnswers { get; init; }

    /// <summary>The slave has stopped following.</summary>
    public required bool Detached { get; init; }

    /// <summary>
    /// The master is there and answers, and so does its database; that of a master which this operation owns may be down, for the demotion
    /// restarts it and must not be left half way.
    /// </summary>
    public required bool MasterAnswers { get; init; }

    /// <summary>The master keeps nothing for this slave any more (or an operation that waits for the master will see to it).</summary>
    public required bool Forgotten { get; init; }

    /// <summary>The slave's row does not name the master any more.</summary>
    public required bool Uncounted { get; init; }

    /// <summary>This slave was the last one, no other names the master since, and its log belongs to replication.</summary>
    public required bool MasterHasNoSlave { get; init; }

    /// <summary>The operation owns the master.</summary>
    public required bool OwnsMaster { get; init; }

    /// <summary>The master is as before replication.</summary>
    public required bool Demoted { get; init; }
}

/// <summary>The next move.</summary>
public enum LeaveMasterMove
{
    /// <summary>Not decided.</summary>
    Undecided,

    /// <summary>The slave stops following.</summary>
    DetachSlave,

    /// <summary>The master drops what it keeps for the slave.</summary>
    ForgetSlave,

    /// <summary>The same, but later: the master does not answer now.</summary>
    ForgetLater,

    /// <summary>The slave's row stops naming the master.</summary>
    Uncount,

    /// <summary>The operation takes the master for its own.</summary>
    TakeMaster,

    /// <summary>The master goes back to the state before replication.</summary>
    DemoteMaster,

    /// <summary>All is done.</summary>
    Finished,
}

/// <summary>Pure: what is seen decides, so that an interruption anywhere carries on from the facts.</summary>
public static class LeaveMaster
{
    /// <summary>The next move. The order matters: a slave must not lose its user before it has applied what it received.</summary>
    public static LeaveMasterMove Next(LeaveMasterSeen seen) => seen switch
    {
        { HasMaster: false, Uncounted: false } => LeaveMasterMove.Finished,
        { Detached: false, SlaveIsDeleted: false } => LeaveMasterMove.DetachSlave,
        { Detached: false, SlaveAnswers: true } => LeaveMasterMove.DetachSlave,
        { Forgotten: false, MasterAnswers: true } => LeaveMasterMove.ForgetSlave,
        { Forgotten: false } => LeaveMasterMove.ForgetLater,
        { Uncounted: false } => LeaveMasterMove.Uncount,
        { MasterHasNoSlave: false } or { MasterAnswers: false } or { Demoted: true } => LeaveMasterMove.Finished,
        { OwnsMaster: false } => LeaveMasterMove.TakeMaster,
        _ => LeaveMasterMove.DemoteMaster,
    };
}
