using Dbaas.Domain.Guests;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Guests.Releases;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// Keeps the release of the agent in the control database, where the API finds it. Of nodes with different ones the latest counts, and
/// what an operator has put into its place while the node runs; a node without one changes nothing.
/// </summary>
public sealed class AgentReleaseWatch(AgentReleaseFile file, IDatabase database) : IUpkeep
{
    private AgentRelease? last;

    /// <inheritdoc />
    public UpkeepScope Scope => UpkeepScope.EveryNode;

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (file.Read() is not { } release || release == last)
        {
            return;
        }

        var published = file.Published;
        var (known, knownSince, now) = await database.ReadAsync(
            unit => (AgentReleaseRows.Find(unit), AgentReleaseRows.Published(unit), ControlPlaneRows.Now(unit)), cancellationToken);
        if (known != release && (last is not null || known is null || published > knownSince))
        {
            await database.WriteAsync(
                unit => AgentReleaseRows.TryPublish(unit, release, last is null ? published : now), cancellationToken);
        }

        last = release;
    }
}
