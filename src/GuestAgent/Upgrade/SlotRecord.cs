namespace Dbaas.GuestAgent.Upgrade;

/// <summary>Which program is this server's agent. The program that the server came with is always there, beside the two slots.</summary>
internal sealed record SlotRecord
{
    /// <summary>The one that has proved itself; null: the program that the server came with.</summary>
    public SlotRelease? Current { get; init; }

    /// <summary>The one that is to prove itself; null: none.</summary>
    public Candidate? Candidate { get; init; }

    /// <summary>The last one that did not.</summary>
    public FailedUpgrade? Failed { get; init; }
}

/// <summary>A release in a slot, whole and checked.</summary>
/// <param name="Slot">The slot's name.</param>
/// <param name="Version">What it calls itself.</param>
internal sealed record SlotRelease(string Slot, string Version);

/// <summary>A release that is to prove itself.</summary>
/// <param name="Release">It.</param>
/// <param name="UpgradeId">The upgrade that brought it.</param>
/// <param name="ConfirmSeconds">How long it has, from its first start.</param>
internal sealed record Candidate(SlotRelease Release, string UpgradeId, int ConfirmSeconds)
{
    /// <summary>How often it was started.</summary>
    public int Starts { get; init; }

    /// <summary>When it was started first.</summary>
    public DateTimeOffset? FirstStart { get; init; }
}

/// <summary>An upgrade that came to nothing.</summary>
/// <param name="UpgradeId">Which.</param>
/// <param name="Why">A sentence.</param>
internal sealed record FailedUpgrade(string UpgradeId, string Why);
