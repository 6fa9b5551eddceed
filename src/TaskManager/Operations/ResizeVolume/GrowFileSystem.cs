using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Operations.ServerWork;

namespace Dbaas.TaskManager.Operations.ResizeVolume;

/// <summary>
/// The guest lets its file system fill the larger device. The plane may take a moment to tell the guest of it: until then the
/// agent says that it is too early.
/// </summary>
internal sealed class GrowFileSystem(GuestCommands guests) : Step<ServerWorkState>
{
    private const long Gigabyte = 1L << 30;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public override string Name => "grow file system";

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        var command = new GrowVolume { AtLeastBytes = ResizeVolumeWorkflow.GoalOf(context.Operation).SizeGb * Gigabyte };
        var answer = await guests.AskAsync(context, context.Operation.InstanceId, command, Limit, cancellationToken);
        return answer.Then(state, _ => state);
    }
}
