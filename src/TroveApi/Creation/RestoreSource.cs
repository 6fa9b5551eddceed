using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;

namespace Dbaas.TroveApi.Creation;

/// <summary>What an instance's data is made from.</summary>
/// <param name="Chain">A backup with those that it follows on, the complete one first; empty: nothing.</param>
/// <param name="Moment">The logs behind it, and up to where; null: the backup's own moment.</param>
internal sealed record RestoreSource(IReadOnlyList<Backup> Chain, MomentGoal? Moment)
{
    public static RestoreSource None { get; } = new([], null);
}
