using Dbaas.Domain.Instances;

namespace Dbaas.TaskManager.Upkeep;

/// <summary>What to do with something on the plane that carries our mark. Pure: see, decide and do are three places.</summary>
internal static class LeftoverDecision
{
    /// <summary>An operation that has just ended may have called the plane a moment ago.</summary>
    public const long GraceMilliseconds = 600_000;

    /// <summary>Decides.</summary>
    /// <param name="kind"><c>server</c>, <c>port</c> or <c>volume</c>.</param>
    /// <param name="instance">The instance of that key; null: our database has never heard of it.</param>
    /// <param name="isWorkedOn">An operation of that instance has not ended.</param>
    /// <param name="isWanted">An administrator wants it gone.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static LeftoverVerdict Decide(string kind, Instance? instance, bool isWorkedOn, bool isWanted, long now) =>
        (instance, kind) switch
        {
            ({ Deleted: false }, _) => LeftoverVerdict.Belongs,
            _ when isWorkedOn => LeftoverVerdict.Belongs,

            // Data is removed by the operation that deletes its instance, or by a person.
            _ when isWanted => LeftoverVerdict.Remove,
            (_, "volume") => LeftoverVerdict.Report,

            // Not in our database: it may have been restored from yesterday's, and this is a customer's.
            (null, _) => LeftoverVerdict.Report,
            ({ DeletedAt: { } at }, _) when now - at >= GraceMilliseconds => LeftoverVerdict.Remove,
            _ => LeftoverVerdict.Belongs,
        };
}

/// <summary>What to do.</summary>
internal enum LeftoverVerdict
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Nothing: it is somebody's.</summary>
    Belongs,

    /// <summary>Tell the administrators.</summary>
    Report,

    /// <summary>It has a tombstone, or an administrator wants it: remove it.</summary>
    Remove,
}
