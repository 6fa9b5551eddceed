namespace Dbaas.TaskManager.Guests;

/// <summary>What a guest may rely on after a report.</summary>
/// <param name="Lease">How long it may go on in its role.</param>
/// <param name="RoleEpoch">The number of its role; 0: there is no such instance.</param>
/// <param name="FailsOver">Its set fails over by itself: its silence is to be noticed soon.</param>
public sealed record ReportReceipt(TimeSpan Lease, long RoleEpoch, bool FailsOver);
