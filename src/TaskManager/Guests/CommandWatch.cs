using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Microsoft.Extensions.Logging;

namespace Dbaas.TaskManager.Guests;

/// <summary>
/// Finds commands that other processes wrote, for all agents that poll here. It looks at what is new and unanswered, and not behind a
/// mark: on a cluster, what was written earlier may become visible later.
/// </summary>
internal sealed class CommandWatch(
    IDatabase database, ControlSignals signals, GuestOptions options, TimeProvider time, ILogger<CommandWatch> logger)
    : SignalWatch(signals.Commands, options.LookEvery, time, logger)
{
    // Longer than a unit that writes one takes until its commit is seen everywhere, with clocks that are some seconds apart. What is older
    // is found by the agent's own next poll.
    private static readonly TimeSpan NewFor = TimeSpan.FromMinutes(2);

    private readonly IDatabase database = database.In(DatabaseLane.Agents);
    private HashSet<string> known = [];

    protected override async Task LookAsync(IReadOnlyCollection<string> waitedFor, CancellationToken cancellationToken)
    {
        var seen = await database.ReadAsync(unit => CommandRows.New(unit, NewFor), cancellationToken);
        foreach (var command in seen.Where(command => !known.Contains(command.Id)))
        {
            signals.Heard(SignalKind.Command, command.InstanceId);
        }

        known = [.. seen.Select(command => command.Id)];
    }
}
