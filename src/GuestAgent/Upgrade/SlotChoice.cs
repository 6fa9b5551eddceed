namespace Dbaas.GuestAgent.Upgrade;

/// <summary>What is to be started. Pure: the record as it is written down, and the time.</summary>
/// <param name="Record">The record from now on: written before anything is started.</param>
/// <param name="Release">What to start; null: the program that the server came with.</param>
/// <param name="EndsInSeconds">When the kernel is to end it, unless it has proved itself; null: not at all.</param>
internal sealed record SlotChoice(SlotRecord Record, SlotRelease? Release, int? EndsInSeconds)
{
    /// <summary>A new release may be unlucky once: killed by somebody, or the machine lost its power.</summary>
    public const int MostStarts = 2;

    public static SlotChoice Of(SlotRecord record, DateTimeOffset now)
    {
        if (record.Candidate is not { } candidate)
        {
            return new(record, record.Current, EndsInSeconds: null);
        }

        // A clock that was set back says nothing of the time that is left: then there is none.
        var firstStart = candidate.FirstStart ?? now;
        var left = candidate.ConfirmSeconds - (now - firstStart).TotalSeconds;
        if (candidate.Starts >= MostStarts || left <= 0 || left > candidate.ConfirmSeconds)
        {
            var givenUp = GiveUp(
                record,
                $"no report of it was accepted within {candidate.ConfirmSeconds} seconds, or it ended {candidate.Starts} times before");
            return new(givenUp, givenUp.Current, EndsInSeconds: null);
        }

        var started = candidate with { Starts = candidate.Starts + 1, FirstStart = firstStart };
        return new(record with { Candidate = started }, started.Release, Math.Max(1, (int)Math.Ceiling(left)));
    }

    /// <summary>The candidate is none any more.</summary>
    public static SlotRecord GiveUp(SlotRecord record, string why) => record.Candidate is not { } candidate
        ? record
        : record with
        {
            Candidate = null,
            Failed = new FailedUpgrade(
                candidate.UpgradeId, $"The new agent ({candidate.Release.Version}) did not prove itself: {why}. The old one is back."),
        };

    /// <summary>The candidate has proved itself.</summary>
    public static SlotRecord Confirm(SlotRecord record) =>
        record.Candidate is not { } candidate ? record : record with { Current = candidate.Release, Candidate = null, Failed = null };
}
