using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>Looks at an instance until an operation is over. The service may restart meanwhile.</summary>
/// <param name="call">The run of a command.</param>
/// <param name="collection">Where it is: <c>instances</c>, or those of all projects.</param>
/// <param name="id">The instance.</param>
/// <param name="name">As the user called it.</param>
/// <param name="timeout">For how long.</param>
internal sealed class InstanceWatch(Call call, string collection, string id, string name, TimeSpan timeout)
{
    private readonly Watch watch = new(
        call, new Watched($"{collection}/{Paths.Of(id)}", "instance", name, $"trove show {id}", Describe), timeout);

    public TimeSpan Elapsed => watch.Elapsed;

    /// <summary>Until the instance serves, is in no operation, and <paramref name="done"/> holds.</summary>
    public Task<JsonNode> UntilReadyAsync(Func<JsonNode, bool> done) => UntilIdleAsync(instance => Serving(instance) && done(instance));

    /// <summary>Until the instance is in no operation, and <paramref name="done"/> holds.</summary>
    public async Task<JsonNode> UntilIdleAsync(Func<JsonNode, bool> done)
    {
        var instance = await watch.UntilAsync(instance => Failed(instance) || (Idle(instance) && done(instance)));
        if (instance is null)
        {
            throw new TroveException($"{name} was deleted meanwhile.");
        }

        return Failed(instance) ? throw Fault(instance) : instance;
    }

    /// <summary>Until a master has no slaves any more. What becomes of itself is no failure: it is switched off.</summary>
    public async Task<JsonNode> UntilEjectedAsync()
    {
        var instance = await watch.UntilAsync(Idle) ?? throw new TroveException($"{name} was deleted meanwhile.");
        return instance["slaves"] is JsonArray { Count: > 0 } ? throw Fault(instance) : instance;
    }

    public async Task UntilGoneAsync()
    {
        if (await watch.UntilAsync(instance => Failed(instance) || (Idle(instance) && Serving(instance))) is { } left)
        {
            throw Fault(left);
        }
    }

    private static bool Idle(JsonNode instance) => instance["operation"] is null;

    private static bool Serving(JsonNode instance) => instance.Text("status") is "ACTIVE" or "HEALTHY" or "RESTART_REQUIRED";

    /// <summary>While an operation undoes itself its outcome is still open.</summary>
    private static bool Failed(JsonNode instance) => Idle(instance) && instance.Text("status") is ("ERROR" or "FAILED");

    private TroveException Fault(JsonNode instance) => new(
        $"{name} is {instance.Text("status")}: "
            + $"{instance.Text("fault", "message") ?? $"no reason was given; `trove history {id}` may tell more"}");

    private static Sight Describe(JsonNode instance)
    {
        var status = instance.Text("status") ?? "unknown";
        if (instance["operation"] is not { } operation)
        {
            return new Sight(status);
        }

        var at = OperationText.Look(operation);
        return at with { State = $"{status}, {at.State}" };
    }
}
