using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Upgrade;

/// <summary>What an agent that is asked to upgrade does next. Pure: whichever agent is asked, and however often, finds the answer in the record.</summary>
internal abstract record UpgradeDecision
{
    private UpgradeDecision()
    {
    }

    /// <summary>This is the release: done, once it has proved itself.</summary>
    public sealed record AwaitProof : UpgradeDecision;

    /// <summary>This upgrade was tried.</summary>
    public sealed record Refuse(string Why) : UpgradeDecision;

    /// <summary>The release is to be fetched into this slot.</summary>
    public sealed record Fetch(string Slot) : UpgradeDecision;

    /// <summary>The release is in its slot: end, and let it be started.</summary>
    public sealed record GiveWay : UpgradeDecision;

    /// <param name="record">The record.</param>
    /// <param name="running">What the agent that is asked calls itself.</param>
    /// <param name="wanted">What is asked for.</param>
    public static UpgradeDecision Next(SlotRecord record, string running, UpgradeAgent wanted) => record switch
    {
        _ when running == wanted.Version => new AwaitProof(),
        { Failed: { } failed } when failed.UpgradeId == wanted.UpgradeId => new Refuse(failed.Why),
        { Candidate: { } candidate } when candidate.UpgradeId == wanted.UpgradeId => new GiveWay(),
        _ => new Fetch(Slots.FreeIn(record)),
    };
}
