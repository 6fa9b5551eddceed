using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Guests.Releases;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>Keeps the release that this node has in the control database, where the API finds it.</summary>
public sealed class AgentReleaseWatch(AgentReleaseFile file, IDatabase database) : IUpkeep
{
    /// <inheritdoc />
    public UpkeepScope Scope => UpkeepScope.EveryNode;

    /// <inheritdoc />
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var release = file.Read();
        if (await database.ReadAsync(AgentReleaseRows.Find, cancellationToken) != release)
        {
            await database.WriteAsync(unit => AgentReleaseRows.Save(unit, release), cancellationToken);
        }
    }
}
