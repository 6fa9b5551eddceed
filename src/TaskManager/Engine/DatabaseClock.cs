using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Engine;

/// <summary>
/// The database's clock, as it was read once, and as long after it as this process has measured since: what is written and compared by
/// several processes is all of one clock, and none of theirs.
/// </summary>
/// <param name="readAt">What the database's clock said, in Unix milliseconds.</param>
/// <param name="time">Measures how long ago that is, by a clock that nobody sets.</param>
public sealed class DatabaseClock(long readAt, TimeProvider time)
{
    private readonly long since = time.GetTimestamp();

    /// <summary>Unix milliseconds.</summary>
    public long Now => readAt + (long)time.GetElapsedTime(since).TotalMilliseconds;

    /// <summary>Reads it in a unit.</summary>
    public static DatabaseClock Read(IUnit unit, TimeProvider time) => new(ControlPlaneRows.Now(unit), time);
}
