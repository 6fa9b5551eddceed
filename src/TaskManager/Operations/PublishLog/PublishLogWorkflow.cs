using System.Text.Json;
using Dbaas.Cloud.Logs;
using Dbaas.Domain.Operations;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.TaskManager.Operations.PublishLog;

/// <summary>
/// What an instance has logged is published. The operation owns the log's publication, and neither owns nor shares the instance. Whatever
/// ends it, what was recorded counts: it has no way back.
/// </summary>
public static class PublishLogWorkflow
{
    /// <summary>The workflow.</summary>
    public static Workflow<PublishLogState> Define(LogObjects objects, GuestCommands guests, GuestOptions silence) => new()
    {
        Kind = OperationKinds.PublishLog,
        Steps = [new TidyUp(objects), new CopyPieces(objects, guests, silence)],
        Begin = _ => new PublishLogState(),
        OnSucceeded = (_, _, _, _) => { },
        OnTurnedBack = (_, _, _, _) => { },
        OnAbandoned = (_, _, _, _, _) => { },
    };

    /// <summary>Reads the goal.</summary>
    internal static PublishLogGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<PublishLogGoal>(operation.Goal!, JsonSerializerOptions.Web)!;
}

/// <summary>What a publication remembers.</summary>
/// <param name="From">Where the piece begins that is being fetched; null: none was asked for yet.</param>
/// <param name="Until">Where the log ended when it began: what is written meanwhile is for the next one.</param>
public sealed record PublishLogState(long? From = null, long? Until = null);
