using Dbaas.GuestProtocol;
using Dbaas.TaskManager.Operations.MasterChange;

namespace Dbaas.TaskManager.Operations.Promote;

/// <summary>What a change of master remembers.</summary>
public sealed record PromoteState : MembersState
{
    /// <summary>Where the master was when the slave was to come near it.</summary>
    public OpaqueDocument? Near { get; init; }

    /// <summary>When writes were stopped, in Unix milliseconds; 0: they were not.</summary>
    public long Stopped { get; init; }

    /// <summary>The master's last position, behind which nothing comes.</summary>
    public OpaqueDocument? Last { get; init; }

    /// <summary>The slave may have been asked to become the master.</summary>
    public bool Asked { get; init; }

    /// <summary>When the slave let clients write, in Unix milliseconds.</summary>
    public long Serves { get; init; }
}
