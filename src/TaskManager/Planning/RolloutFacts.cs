using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;

namespace Dbaas.TaskManager.Planning;

/// <summary>What is known of an instance while a release is rolled out, and what that means.</summary>
public sealed record RolloutFacts
{
    /// <summary>After its upgrade a database gets so long to be well: its agent has to look at it first.</summary>
    public const long SettleMilliseconds = 60_000;

    /// <summary>Its row.</summary>
    public required Instance Instance { get; init; }

    /// <summary>Its agent was heard of lately.</summary>
    public required bool Answers { get; init; }

    /// <summary>How its database is, in the guest protocol's words.</summary>
    public required string ServerState { get; init; }

    /// <summary>What its agent calls itself; null: it never said.</summary>
    public required string? AgentVersion { get; init; }

    /// <summary>Its agent knows the command.</summary>
    public required bool CanBeAsked { get; init; }

    private bool IsHeld => Instance.LockOwner is not null || Instance.LockShared > 0;

    /// <summary>As an instance that was in no wave.</summary>
    public RolloutInstance BeforeUpgrade(string release) => new(Instance.Id, this switch
    {
        _ when AgentVersion == release => RolloutInstanceState.Done,
        { Instance.Lifecycle: Lifecycle.Building } or { IsHeld: true } => RolloutInstanceState.Busy,
        { Instance.Lifecycle: not Lifecycle.Ready } or { CanBeAsked: false } or { Answers: false } => RolloutInstanceState.LeftOut,
        { ServerState: "Healthy" } => RolloutInstanceState.Waiting,
        _ => RolloutInstanceState.LeftOut,
    });

    /// <summary>As an instance of a wave.</summary>
    /// <param name="upgrade">Its upgrade; null: that ended so long ago that nobody remembers.</param>
    /// <param name="now">Unix milliseconds.</param>
    public RolloutInstance AfterUpgrade(Operation? upgrade, long now) => this switch
    {
        { Instance.Deleted: true } => Is(RolloutInstanceState.Done),
        _ when upgrade is { Ended: null } || IsHeld => Is(RolloutInstanceState.Busy),
        _ when upgrade is { Status: OperationStatus.Failed } => Is(RolloutInstanceState.Failed, upgrade.Fault ?? "its upgrade failed"),

        // Its user may have stopped it since.
        { Answers: true, ServerState: "Healthy" or "Stopped" } => Is(RolloutInstanceState.Done),
        _ when now - (upgrade?.Ended ?? 0) < SettleMilliseconds => Is(RolloutInstanceState.Busy),
        { Answers: false } => Is(RolloutInstanceState.Failed, "its agent is silent after the upgrade"),
        _ => Is(RolloutInstanceState.Failed, $"its database is not well after the upgrade ({ServerState})"),
    };

    private RolloutInstance Is(RolloutInstanceState state, string? why = null) => new(Instance.Id, state, why);
}
