using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Events;
using Dbaas.GuestAgent.Processes;

namespace Dbaas.GuestAgent.Upgrade;

/// <summary>A release that was started from a slot for the first time proves itself by a report that the gateway accepts.</summary>
internal sealed class Probation
{
    private readonly Slots slots;
    private readonly string? slot;
    private readonly Action<string> log;
    private readonly TaskCompletionSource proved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="slots">The slots.</param>
    /// <param name="slot">The slot that this program was started from; null: it is the one that the server came with.</param>
    /// <param name="log">For the operator.</param>
    public Probation(Slots slots, string? slot, Action<string> log)
    {
        (this.slots, this.slot, this.log) = (slots, slot, log);
        if (!IsCandidate(slots.Read()))
        {
            proved.SetResult();
        }
    }

    /// <summary>Completes when the release that runs has proved itself.</summary>
    public Task Proved => proved.Task;

    /// <summary>A program that is not what it was said to be gives way.</summary>
    /// <returns>False: it is another.</returns>
    public bool IsAsNamed(string version)
    {
        var record = slots.Read();
        if (!IsCandidate(record) || record.Candidate!.Release.Version == version)
        {
            return true;
        }

        slots.Write(SlotChoice.GiveUp(record, $"it calls itself {version}"));
        return false;
    }

    /// <summary>A report was accepted. What is to be so from now on is on the disk before the alarm is off.</summary>
    public void Accepted(IGuestEvents events)
    {
        if (proved.Task.IsCompleted)
        {
            return;
        }

        slots.Write(SlotChoice.Confirm(slots.Read()));
        ProgramSwitch.EndIn(0);
        log("This release of the agent has proved itself.");
        events.Add("agent-upgraded", $"The agent {AgentVersion.Text} has taken over.");
        proved.SetResult();
    }

    private bool IsCandidate(SlotRecord record) => slot is not null && record.Candidate?.Release.Slot == slot;
}
