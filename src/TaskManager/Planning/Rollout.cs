namespace Dbaas.TaskManager.Planning;

/// <summary>Bringing all agents to one release, in waves: what is seen.</summary>
public sealed record RolloutSeen
{
    /// <summary>How many instances a wave has, but for the first, which has one.</summary>
    public required int WaveSize { get; init; }

    /// <summary>A wave was begun.</summary>
    public required bool HasBegun { get; init; }

    /// <summary>The instances of the last wave.</summary>
    public required IReadOnlyList<RolloutInstance> LastWave { get; init; }

    /// <summary>Those that were in no wave, of the page of instances that is looked at, in the order in which they come.</summary>
    public required IReadOnlyList<RolloutInstance> Others { get; init; }

    /// <summary>It is the last page of this round.</summary>
    public required bool IsLastPage { get; init; }

    /// <summary>On a page of this round that was turned, somebody was busy.</summary>
    public required bool WasAnyBusy { get; init; }

    /// <summary>Somebody is waited for in this round, as far as it has come.</summary>
    public bool IsAnyBusy => WasAnyBusy || Others.Any(one => one.State == RolloutInstanceState.Busy);
}

/// <summary>An instance in a rollout.</summary>
/// <param name="Id">The instance.</param>
/// <param name="State">How it is.</param>
/// <param name="Why">Why it has failed.</param>
public sealed record RolloutInstance(string Id, RolloutInstanceState State, string? Why = null);

/// <summary>How an instance is, as far as a rollout is concerned.</summary>
public enum RolloutInstanceState
{
    /// <summary>Not decided.</summary>
    Unknown,

    /// <summary>It can be upgraded now.</summary>
    Waiting,

    /// <summary>Something is being done to it: its upgrade, or something else that comes first.</summary>
    Busy,

    /// <summary>It has the release, and its database is well.</summary>
    Done,

    /// <summary>Its agent is silent, its database not well, or it is too old to be asked: left out.</summary>
    LeftOut,

    /// <summary>Its upgrade failed, or it is not well after it.</summary>
    Failed,
}

/// <summary>The next move.</summary>
public abstract record RolloutMove
{
    private RolloutMove()
    {
    }

    /// <summary>Look again.</summary>
    public sealed record Wait : RolloutMove;

    /// <summary>Nothing can be upgraded on this page: look at the one behind it, or at the first again.</summary>
    public sealed record Turn : RolloutMove;

    /// <summary>Upgrade these.</summary>
    public sealed record NextWave(IReadOnlyList<string> InstanceIds) : RolloutMove;

    /// <summary>Something is wrong with the release: no other instance gets it.</summary>
    public sealed record Stop(string Why) : RolloutMove;

    /// <summary>Nothing is left to do.</summary>
    public sealed record Finish : RolloutMove;
}

/// <summary>Pure: what is seen decides.</summary>
public static class Rollout
{
    /// <summary>The next move: a wave follows only when every instance of the last one is well.</summary>
    public static RolloutMove Next(RolloutSeen seen)
    {
        if (seen.LastWave.FirstOrDefault(one => one.State == RolloutInstanceState.Failed) is { } failed)
        {
            return new RolloutMove.Stop($"Instance {failed.Id}: {failed.Why}");
        }

        if (seen.LastWave.Any(one => one.State != RolloutInstanceState.Done))
        {
            return new RolloutMove.Wait();
        }

        var next = seen.Others.Where(one => one.State == RolloutInstanceState.Waiting)
            .Take(seen.HasBegun ? seen.WaveSize : 1).Select(one => one.Id).ToList();
        return next.Count > 0 ? new RolloutMove.NextWave(next)
            : seen.IsLastPage && !seen.IsAnyBusy ? new RolloutMove.Finish()
            : new RolloutMove.Turn();
    }
}
