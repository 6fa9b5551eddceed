using Dbaas.Domain.Guests;

namespace Dbaas.TaskManager.Guests;

/// <summary>How the control plane deals with guests.</summary>
public sealed record GuestOptions
{
    private static readonly TimeSpan OftenEnough = TimeSpan.FromSeconds(1);

    /// <summary>How often an agent reports when nothing changes.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same in a set that fails over by itself.</summary>
    public TimeSpan ReportIntervalOfFailover => ReportInterval < OftenEnough ? ReportInterval : OftenEnough;

    /// <summary>How long a guest may go on in its role after the last that was heard of it: two reports may get lost.</summary>
    public TimeSpan Lease => ReportInterval * 3;

    /// <summary>A guest that was not heard of for so long counts as not answering.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A master that was not heard of for so long is taken for dead, as far as a slave that is being built is concerned.</summary>
    public TimeSpan GivenUpAfter => 2 * SilentAfter;

    /// <summary>How long a server that runs may take until its agent has called for the first time.</summary>
    public TimeSpan StartsWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>An agent that was upgraded is back to its old release when no report of the new one was accepted within so long.</summary>
    public TimeSpan ConfirmAgentWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often to look for commands that other processes have written, for all agents together.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what many agents ask waits for company, so that it is one question to the database.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether this guest answers, as far as is known; null: it was never heard of.</summary>
    public bool IsAnswering(GuestState? guest) => guest?.Answers(SilentAfter) == true;
}
