using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// Where the log stands when a backup is begun. All of that is in the backup: what is told later may be of another period, for the log can
/// begin a new one without a restart.
/// </summary>
/// <param name="Epoch">Its period; null: it is off, or the data does not say yet that it is of that period.</param>
/// <param name="Position">Where it stands; null: it is off.</param>
internal sealed record LogAtStart(string? Epoch, LogPosition? Position)
{
    public static async Task<LogAtStart> ReadAsync(
        Flavor flavor, MemberState state, Session session, CancellationToken cancellationToken) => new(
        state.EpochMarked ? state.Epoch : null,
        state.LogOn && await session.NumberAsync("SELECT @@GLOBAL.log_bin", cancellationToken) == 1
            ? await flavor.ReadPositionAsync(session, cancellationToken)
            : null);
}
