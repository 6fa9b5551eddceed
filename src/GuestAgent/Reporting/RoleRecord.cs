namespace Dbaas.GuestAgent.Reporting;

/// <summary>The role as it is kept on the disk.</summary>
/// <param name="Epoch">The highest epoch ever heard of.</param>
internal sealed record RoleRecord(long Epoch);
