using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>Looks at an instance until an operation is over. The service may restart meanwhile.</summary>
internal sealed class InstanceWatch(Call call, string id, string name, TimeSpan timeout)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly long start = call.Clock.GetTimestamp();
    private string seen = "not seen yet";

    public TimeSpan Elapsed => call.Clock.GetElapsedTime(start);

    /// <summary>Until the instance serves, is in no operation, and <paramref name="done"/> holds.</summary>
    public async Task<JsonNode> UntilReadyAsync(Func<JsonNode, bool> done)
    {
        var instance = await UntilAsync(instance => Failed(instance) || (Idle(instance) && Serving(instance) && done(instance)));
        if (instance is null)
        {
            throw new TroveException($"{name} was deleted meanwhile.");
        }

        return Failed(instance) ? throw Fault(instance) : instance;
    }

    public async Task UntilGoneAsync()
    {
        if (await UntilAsync(Failed) is { } left)
        {
            throw Fault(left);
        }
    }

    /// <returns>The instance, or null when there is none any more.</returns>
    private async Task<JsonNode?> UntilAsync(Func<JsonNode, bool> over)
    {
        var progress = new Progress(call.Terminal);
        try
        {
            while (true)
            {
                var pause = Pause;
                try
                {
                    var instance = await call.Api.GetAsync(Paths.Of("instances", id), "instance", call.Stop);
                    seen = Describe(instance);
                    progress.Show($"{name}: {seen}", Elapsed);
                    if (over(instance))
                    {
                        return instance;
                    }
                }
                catch (ApiException e) when (e.Status == 404)
                {
                    return null;
                }
                catch (TroveException e) when (IsPassing(e))
                {
                    progress.Show($"{name}: no answer at the moment: {e.Message}", Elapsed);
                    pause = (e as ApiException)?.RetryAfter is { } asked && asked > Pause ? asked : Pause;
                }

                if (Elapsed > timeout)
                {
                    throw new TroveException(
                        $"{name} is not done after {timeout.TotalSeconds:0} s; last seen: {seen}. It goes on: `trove show {id}`.");
                }

                await Task.Delay(pause, call.Clock, call.Stop);
            }
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>A service that restarts or asks to slow down says nothing about the operation.</summary>
    private static bool IsPassing(TroveException e) =>
        e is UnreachableException or ApiException { Status: 413 or 429 or 502 or 503 or 504 };

    private static bool Idle(JsonNode instance) => instance["operation"] is null;

    private static bool Serving(JsonNode instance) => instance.Text("status") is "ACTIVE" or "HEALTHY";

    /// <summary>While an operation undoes itself its outcome is still open.</summary>
    private static bool Failed(JsonNode instance) => Idle(instance) && instance.Text("status") is ("ERROR" or "FAILED");

    private TroveException Fault(JsonNode instance) => new(
        $"{name} is {instance.Text("status")}: "
            + $"{instance.Text("fault", "message") ?? $"no reason was given; `trove history {id}` may tell more"}");

    private static string Describe(JsonNode instance) => instance["operation"] is { } operation
        ? $"{instance.Text("status")}, {OperationText.Of(operation)}"
        : instance.Text("status") ?? "unknown";
}
