using Dbaas.Datastores.Contract;

namespace Dbaas.GuestAgent.Processes;

/// <summary>What the supervisor keeps on disk about its server.</summary>
/// <param name="ShouldRun">False: stopped on request.</param>
/// <param name="Server">How to start it; null: not known, for the record was damaged.</param>
/// <param name="StartKey">
/// Written before each start and given to the process in its environment: finds it again when the agent died before it could write the pid.
/// </param>
/// <param name="Process">Null: not running, or not written yet.</param>
/// <param name="KillAtTick">
/// Not null: the process was told to end, and is killed at that time of the clock that counts from the machine's start, which nobody sets.
/// </param>
/// <param name="EndedInOrder">Its last process is known to have ended in good order: its files need no mending.</param>
internal sealed record ServerRecord(
    bool ShouldRun, ProcessSpec? Server, string? StartKey, ProcessId? Process, long? KillAtTick = null, bool EndedInOrder = false);
