namespace Dbaas.TaskManager.Engine;

/// <summary>How long to wait before the next try: doubling, with chance, so that many do not come back at once.</summary>
public static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The wait before try number <paramref name="attempt"/> (from 1).</summary>
    /// <param name="attempt">How many tries have failed.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan Wait(int attempt, double chance)
    {
        var doubled = First * Math.Pow(2, Math.Min(attempt - 1, 10));
        var bounded = doubled < Longest ? doubled : Longest;
        return bounded * (0.5 + (chance / 2));
    }
}
