using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Commands;

/// <summary>The fence as it is kept on the disk.</summary>
/// <param name="Highest">The highest ever seen.</param>
internal sealed record FenceRecord(Fence Highest);
