using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>The database gets its settings, and what is to be in it where its data comes from nowhere else.</summary>
/// <param name="name">As users see it.</param>
/// <param name="guests">Asks the agent.</param>
/// <param name="origin">Where its data comes from.</param>
/// <param name="what">What is to be in it.</param>
internal sealed class PrepareDatabase(
    string name, GuestCommands guests, DataOrigin origin, Func<Operation, CreateInstanceGoal> what) : Step<BuildState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public override string Name => name;

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var (instance, version) = await context.ReadAsync(
            unit =>
            {
                var row = InstanceRows.Find(unit, context.Operation.InstanceId)!;
                return (row, CatalogRows.Version(unit, row.DatastoreVersionId)!);
            },
            cancellationToken);
        var goal = what(context.Operation);
        var command = new PrepareServer
        {
            DatastoreVersion = version.Name,
            ServerId = (uint)instance.ServerNumber,
            BinaryLog = instance.BinaryLog == BinaryLogChoice.Always ? BinaryLogMode.Always : BinaryLogMode.WhenReplicating,
            Configuration = goal.Configuration,
            DataOrigin = origin,
            ForSlave = origin == DataOrigin.Following,
            Databases = goal.Databases.Select(one => new DatabaseSpec(one.Name, one.CharacterSet, one.Collate)).ToList(),
            Users = goal.Users.Select(one => new UserSpec(one.Name, one.Password, one.Host, one.Databases)).ToList(),
        };
        var answer = await guests.AskAsync(context, instance.Id, command, Limit, cancellationToken);
        return answer.Then(state, _ => state);
    }
}
