using System.Diagnostics;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Engine;

/// <summary>
/// The spans of operations: each try of a step, and below it what guests were asked. They go on with the trace of the request.
/// </summary>
public static class OperationTraces
{
    /// <summary>Its name, for those who listen.</summary>
    public const string Name = "Dbaas.Operations";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>One look at an operation begins. Null: nobody listens.</summary>
    internal static Activity? Begin(Operation operation, string step)
    {
        ActivityContext.TryParse(operation.TraceParent, null, isRemote: true, out var request);
        var direction = operation.Status == OperationStatus.Undoing ? "undo of " : "";
        return Source.StartActivity(
            $"{operation.Kind}: {direction}{step}",
            ActivityKind.Consumer,
            request,
            [
                new("dbaas.operation.id", operation.Id),
                new("dbaas.instance.id", operation.InstanceId),
                new("dbaas.request.id", operation.RequestId),
                new("dbaas.operation.attempt", operation.Attempts),
            ]);
    }

    /// <summary>A guest has answered: its span is known only now.</summary>
    /// <param name="command">What it was asked.</param>
    /// <param name="succeeded">It was done.</param>
    /// <param name="now">Unix milliseconds.</param>
    internal static void Answered(GuestCommandRow command, bool succeeded, long now)
    {
        var span = Source.StartActivity(
            ActivityKind.Client,
            tags: [new("dbaas.command.id", command.Id), new("dbaas.instance.id", command.InstanceId)],
            startTime: DateTimeOffset.FromUnixTimeMilliseconds(command.Created),
            name: $"guest {command.Kind}");
        span?.SetStatus(succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        span?.SetEndTime(DateTimeOffset.FromUnixTimeMilliseconds(now).UtcDateTime);
        span?.Dispose();
    }
}
