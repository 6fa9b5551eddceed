using Dbaas.Persistence;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Removes rows a few at a time, each few in a unit of their own, and no more in one run than others can bear.</summary>
internal static class Pruning
{
    /// <summary>In one unit.</summary>
    public const int RowsAtOnce = 100;

    /// <summary>In one run.</summary>
    public const int UnitsInARun = 20;

    public static async Task PruneAsync(
        this IDatabase database,
        Func<IUnit, int, IReadOnlyList<string>> find,
        Func<IUnit, IReadOnlyList<string>, int> remove,
        CancellationToken cancellationToken)
    {
        for (var units = 0; units < UnitsInARun; units++)
        {
            var ids = await database.ReadAsync(unit => find(unit, RowsAtOnce), cancellationToken);
            if (ids.Count > 0)
            {
                await database.WriteAsync(unit => remove(unit, ids), cancellationToken);
            }

            if (ids.Count < RowsAtOnce)
            {
                return;
            }
        }
    }
}
