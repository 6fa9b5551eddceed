namespace Dbaas.TaskManager.Guests;

/// <summary>How long agents may work on a command.</summary>
public static class CommandLimits
{
    /// <summary>
    /// On one that may stop and start the database: applying what was received takes up to 2 minutes, a start up to 1, a stop up to 3
    /// (after that the database is killed), the second start up to 1. Less than a step's time limit, so that its outcome is always heard
    /// of.
    /// </summary>
    public static readonly TimeSpan WithRestart = TimeSpan.FromMinutes(8);
}
