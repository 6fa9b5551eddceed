using Dbaas.Domain.Instances;
using Dbaas.TaskManager.Upkeep;

namespace Dbaas.TaskManager.Tests;

public sealed class LeftoverDecisionTests
{
    private const long Now = 10_000_000;
    private static readonly Instance Live = new() { Id = "a" };
    private static readonly Instance Gone = new() { Id = "a", Deleted = true, DeletedAt = Now - LeftoverDecision.GraceMilliseconds };
    private static readonly Instance JustGone = Gone with { DeletedAt = Now - LeftoverDecision.GraceMilliseconds + 1 };

    public static TheoryData<string, string, bool, bool, string> Cases => new()
    {
        { "server", "live", false, false, "Belongs" },
        { "server", "live", false, true, "Belongs" },
        { "server", "gone", false, false, "Remove" },
        { "port", "gone", false, false, "Remove" },
        { "volume", "gone", false, false, "Report" },
        { "volume", "gone", false, true, "Remove" },
        { "server", "just gone", false, false, "Belongs" },
        { "server", "gone", true, false, "Belongs" },
        { "server", "gone", true, true, "Belongs" },
        { "server", "never heard of", false, false, "Report" },
        { "volume", "never heard of", false, false, "Report" },
        { "server", "never heard of", false, true, "Remove" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Only_what_has_a_tombstone_or_an_administrators_word_is_removed(
        string kind, string instance, bool isWorkedOn, bool isWanted, string verdict)
    {
        var row = instance switch { "live" => Live, "gone" => Gone, "just gone" => JustGone, _ => null };

        Assert.Equal(verdict, LeftoverDecision.Decide(kind, row, isWorkedOn, isWanted, Now).ToString());
    }
}
