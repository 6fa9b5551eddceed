using Dbaas.GuestAgent.Upgrade;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Tests.Upgrade;

public sealed class UpgradeDecisionTests
{
    private static readonly UpgradeAgent Wanted = new() { UpgradeId = "u1", Version = "2", Sha256 = "ab", Size = 1, ConfirmSeconds = 60 };
    private static readonly SlotRelease New = new("b", "2");
    private static readonly SlotRecord Before = new() { Current = new SlotRelease("a", "1") };

    public static TheoryData<string, string, string> Cases => new()
    {
        { "nothing was done yet", "1", "Fetch { Slot = b }" },
        { "it is in its slot", "1", "GiveWay" },
        { "another one is in the slot", "1", "Fetch { Slot = b }" },
        { "this upgrade failed", "1", "Refuse { Why = no }" },
        { "an earlier upgrade failed", "1", "Fetch { Slot = b }" },
        { "it is in its slot", "2", "AwaitProof" },
        { "it has proved itself", "2", "AwaitProof" },
        { "this upgrade failed", "2", "AwaitProof" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Whoever_is_asked_finds_the_answer_in_the_record(string story, string running, string expected)
    {
        var record = story switch
        {
            "it is in its slot" => Before with { Candidate = new Candidate(New, "u1", 60) },
            "another one is in the slot" => Before with { Candidate = new Candidate(New, "u0", 60) },
            "this upgrade failed" => Before with { Failed = new FailedUpgrade("u1", "no") },
            "an earlier upgrade failed" => Before with { Failed = new FailedUpgrade("u0", "no") },
            "it has proved itself" => new SlotRecord { Current = New },
            _ => Before,
        };

        Assert.StartsWith(expected, UpgradeDecision.Next(record, running, Wanted).ToString(), StringComparison.Ordinal);
    }
}
