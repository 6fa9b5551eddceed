using System.Text.Json;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.Building;

internal sealed class PrepareDatabase(GuestCommands guests, bool forSlave) : Step<BuildState>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public override string Name => "prepare database";

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
        var goal = Goal(context.Operation.Goal!);
        var command = new PrepareServer
        {
            DatastoreVersion = version.Name,
            ServerId = (uint)instance.ServerNumber,
            BinaryLog = instance.BinaryLog == BinaryLogChoice.Always ? BinaryLogMode.Always : BinaryLogMode.WhenReplicating,
            Configuration = goal.Configuration,
            ForSlave = forSlave,
            Databases = goal.Databases.Select(one => new DatabaseSpec(one.Name, one.CharacterSet, one.Collate)).ToList(),
            Users = goal.Users.Select(one => new UserSpec(one.Name, one.Password, one.Host, one.Databases)).ToList(),
        };
        var answer = await guests.AskAsync(context, instance.Id, command, Limit, cancellationToken);
        return answer.Then(state, _ => state);
    }

    private CreateInstanceGoal Goal(string json) => forSlave
        ? new CreateInstanceGoal
        {
            Configuration = JsonSerializer.Deserialize<CreateSlaveGoal>(json, JsonSerializerOptions.Web)!.Configuration,
        }
        : JsonSerializer.Deserialize<CreateInstanceGoal>(json, JsonSerializerOptions.Web)!;
}
