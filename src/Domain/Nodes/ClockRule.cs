namespace Dbaas.Domain.Nodes;

/// <summary>
/// How far a node's clock may be from the database's. Leases are judged by the database's clock alone and measured by one that nobody sets,
/// so a wrong clock breaks none; but certificates, tokens, schedules and signatures that a node makes hold from its own time on, and others
/// judge them by theirs.
/// </summary>
public static class ClockRule
{
    /// <summary>What a node signs is dated back by so much, for others whose clocks are behind.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Why a node must not start.</summary>
    /// <param name="ahead">How far its clock is ahead of the database's.</param>
    /// <returns>Null: it may.</returns>
    public static string? Refusal(TimeSpan ahead)
    {
        var (off, way) = (ahead.Duration(), ahead > TimeSpan.Zero ? "ahead of" : "behind");
        return off <= Limit
            ? null
            : $"The clock of this node is {off.TotalMinutes:0} minutes {way} the control database's. More than "
                + $"{Limit.TotalMinutes:0} minutes are too much: what this node signs would not be in time for others.";
    }
}
