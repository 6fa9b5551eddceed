namespace Dbaas.GuestAgent.Processes;

/// <summary>One process for ever: a pid alone is used again, also across starts of the machine.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="StartTicks">When it started, in clock ticks since the machine's start.</param>
/// <param name="BootId">Which start of the machine.</param>
internal sealed record ProcessId(int Pid, long StartTicks, string BootId);
