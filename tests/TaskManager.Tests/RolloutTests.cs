using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.TaskManager.Planning;
using static Dbaas.TaskManager.Planning.RolloutInstanceState;

namespace Dbaas.TaskManager.Tests;

public sealed class RolloutTests
{
    private const long Now = 10_000_000;
    private static readonly RolloutFacts Well = new()
    {
        Instance = new Instance { Id = "a", Lifecycle = Lifecycle.Ready },
        Answers = true,
        ServerState = "Healthy",
        AgentVersion = "1",
        CanBeAsked = true,
    };

    public static TheoryData<string, RolloutInstanceState[], RolloutInstanceState[], bool, string> Moves => new()
    {
        { "the first goes alone", [], [Waiting, Waiting, Waiting], false, "start 0" },
        { "then as many as a wave has", [Done], [Done, Waiting, LeftOut, Waiting, Waiting], true, "start 1 3" },
        { "the last wave may be smaller", [Done, Done], [Waiting], true, "start 0" },
        { "nothing before the last wave is done", [Done, Busy], [Waiting], true, "wait" },
        { "it stops at the first failure", [Done, Failed], [Waiting], true, "stop" },
        { "a failure is seen beside others that are busy", [Busy, Failed], [Waiting], true, "stop" },
        { "one that is busy is waited for", [Done], [Done, Busy], true, "turn" },
        { "what is left out does not keep it from its end", [Done], [Done, LeftOut], true, "finish" },
        { "there may be nothing to do", [], [Done], false, "finish" },
        { "there may be no instance", [], [], false, "finish" },
    };

    [Theory]
    [MemberData(nameof(Moves))]
    public void A_wave_follows_when_the_last_one_is_well(
        string story, RolloutInstanceState[] lastWave, RolloutInstanceState[] others, bool hasBegun, string expected)
    {
        var move = Rollout.Next(Seen(lastWave, others) with { HasBegun = hasBegun });

        Assert.Equal(expected, move switch
        {
            RolloutMove.NextWave next => "start " + string.Join(' ', next.InstanceIds),
            RolloutMove.Wait => "wait",
            RolloutMove.Turn => "turn",
            RolloutMove.Stop => "stop",
            RolloutMove.Finish => "finish",
            _ => $"{story}: {move}",
        });
    }

    [Theory]
    [InlineData(false, false, new[] { Done }, typeof(RolloutMove.Turn))]
    [InlineData(false, false, new[] { Waiting }, typeof(RolloutMove.NextWave))]
    [InlineData(true, true, new[] { Done }, typeof(RolloutMove.Turn))]
    [InlineData(true, false, new[] { Done }, typeof(RolloutMove.Finish))]
    public void It_ends_when_a_whole_round_found_nothing_to_do_and_nobody_busy(
        bool isLastPage, bool wasAnyBusy, RolloutInstanceState[] others, Type expected) =>
        Assert.IsType(expected, Rollout.Next(Seen([Done], others) with { IsLastPage = isLastPage, WasAnyBusy = wasAnyBusy }));

    public static TheoryData<string, RolloutFacts, RolloutInstanceState> Before => new()
    {
        { "well", Well, Waiting },
        { "it has the release", Well with { AgentVersion = "2" }, Done },
        { "it has the release and is silent", Well with { AgentVersion = "2", Answers = false }, Done },
        { "held", With(row => row with { LockOwner = "o" }), Busy },
        { "shared", With(row => row with { LockShared = 1 }), Busy },
        { "being created", With(row => row with { Lifecycle = Lifecycle.Building }) with { CanBeAsked = false }, Busy },
        { "in error", With(row => row with { Lifecycle = Lifecycle.Failed }), LeftOut },
        { "silent", Well with { Answers = false }, LeftOut },
        { "too old", Well with { CanBeAsked = false }, LeftOut },
        { "its database is away", Well with { ServerState = "Crashed" }, LeftOut },
    };

    [Theory]
    [MemberData(nameof(Before))]
    public void Only_what_is_well_is_upgraded(string story, RolloutFacts facts, RolloutInstanceState expected) =>
        Assert.Equal((story, expected), (story, facts.BeforeUpgrade("2").State));

    public static TheoryData<string, RolloutFacts, Operation?, RolloutInstanceState> After => new()
    {
        { "under way", Well, new Operation(), Busy },
        { "done", Well, Ended(OperationStatus.Succeeded), Done },
        { "done, and its user has stopped the database", Well with { ServerState = "Stopped" }, Ended(OperationStatus.Succeeded), Done },
        { "done, and held by something else", With(row => row with { LockOwner = "o" }), Ended(OperationStatus.Succeeded), Busy },
        { "failed", Well, Ended(OperationStatus.Failed), Failed },
        { "failed, and being deleted", With(row => row with { LockOwner = "o" }), Ended(OperationStatus.Failed), Busy },
        { "failed, and gone", With(row => row with { Deleted = true }), Ended(OperationStatus.Failed), Done },
        { "not well yet", Well with { ServerState = "Starting" }, Ended(OperationStatus.Succeeded), Busy },
        {
            "not well any more", Well with { ServerState = "Crashed" },
            Ended(OperationStatus.Succeeded, RolloutFacts.SettleMilliseconds), Failed
        },
        { "silent", Well with { Answers = false }, Ended(OperationStatus.Succeeded, RolloutFacts.SettleMilliseconds), Failed },
        { "so long ago that nobody remembers", Well, null, Done },
    };

    [Theory]
    [MemberData(nameof(After))]
    public void An_upgrade_is_done_when_agent_and_database_are_well(
        string story, RolloutFacts facts, Operation? upgrade, RolloutInstanceState expected) =>
        Assert.Equal((story, expected), (story, facts.AfterUpgrade(upgrade, Now).State));

    private static RolloutSeen Seen(RolloutInstanceState[] lastWave, RolloutInstanceState[] others) => new()
    {
        WaveSize = 2,
        HasBegun = true,
        LastWave = Instances(lastWave),
        Others = Instances(others),
        IsLastPage = true,
        WasAnyBusy = false,
    };

    private static RolloutFacts With(Func<Instance, Instance> change) => Well with { Instance = change(Well.Instance) };

    private static Operation Ended(OperationStatus status, long ago = 1000) => new() { Status = status, Ended = Now - ago, Fault = "why" };

    private static RolloutInstance[] Instances(RolloutInstanceState[] states) =>
        [.. states.Select((state, index) => new RolloutInstance($"{index}", state, "why"))];
}
