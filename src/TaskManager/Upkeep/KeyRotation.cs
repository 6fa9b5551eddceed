using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Secrets;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>
/// While there are former keys: what was encrypted under them comes under the present one. Other nodes may have been started before there
/// was that one, so it is looked again.
/// </summary>
public sealed class KeyRotation(IDatabase database, SecretBox secrets, ILogger<KeyRotation> logger) : IUpkeep
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(10);

    private bool wasDone = true;

    /// <inheritdoc />
    public UpkeepScope Scope => UpkeepScope.EveryNode;

    /// <inheritdoc />
    public TimeSpan Every => !secrets.HasFormerKeys ? TimeSpan.FromDays(1) : wasDone ? Later : Soon;

    /// <inheritdoc />
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!secrets.HasFormerKeys)
        {
            return;
        }

        var (rewrapped, unreadable) = (0, 0);
        foreach (var column in SealedRows.Columns)
        {
            var done = await SealedRows.RewrapAsync(database, column, cancellationToken);
            (rewrapped, unreadable) = (rewrapped + done.Rewrapped, unreadable + done.Unreadable);
        }

        wasDone = rewrapped == 0;
        if (wasDone && unreadable == 0)
        {
            logger.LogInformation(
                "Everything is encrypted under the first key of master.key: when that is so on every node, the others can be removed");
            return;
        }

        if (rewrapped > 0)
        {
            logger.LogInformation("{Count} secrets were encrypted anew, under the first key of master.key", rewrapped);
        }

        if (unreadable > 0)
        {
            logger.LogError("{Count} secrets cannot be read with any key of master.key: keep former ones until they are gone", unreadable);
        }
    }
}
