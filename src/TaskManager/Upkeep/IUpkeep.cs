using Dbaas.Persistence.Signals;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>A lasting truth that is looked after. It may start operations; it does no work of several steps.</summary>
public interface IUpkeep
{
    /// <summary>Who does it.</summary>
    UpkeepScope Scope => UpkeepScope.OneNode;

    /// <summary>How long until the next look: asked for after each.</summary>
    TimeSpan Every { get; }

    /// <summary>Listens for what makes it look at once; null: nothing does.</summary>
    Subscription? Listen() => null;

    /// <summary>Looks, and acts once.</summary>
    Task LookAsync(CancellationToken cancellationToken);
}
