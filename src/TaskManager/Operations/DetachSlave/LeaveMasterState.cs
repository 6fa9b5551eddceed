namespace Dbaas.TaskManager.Operations.DetachSlave;

/// <summary>What leaving a master remembers: answers of guests, which cannot be seen again.</summary>
public sealed record LeaveMasterState
{
    /// <summary>From now on the slave may have been asked.</summary>
    public bool Asked { get; init; }

    /// <summary>The slave has stopped following.</summary>
    public bool Detached { get; init; }

    /// <summary>The slave was asked, and did not answer in time (it is to be deleted, so that does not matter).</summary>
    public bool SlaveIsSilent { get; init; }

    /// <summary>The master has forgotten it, or will.</summary>
    public bool Forgotten { get; init; }

    /// <summary>It has not yet: an operation of its own sees to that.</summary>
    public bool ForgetsLater { get; init; }

    /// <summary>The slave's row does not name the master any more.</summary>
    public bool Uncounted { get; init; }

    /// <summary>It was the last one.</summary>
    public bool WasLast { get; init; }

    /// <summary>The master is as before replication.</summary>
    public bool Demoted { get; init; }
}
