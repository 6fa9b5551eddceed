using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>Waiting for instances.</summary>
internal sealed class Waiting : WaitOptions
{
    public InstanceWatch Watch(Call call, string id, string name) => new(call, "instances", id, name, Patience(call));

    /// <summary>After an action was accepted: says so, or waits for it and prints the instance as JSON where that is asked for.</summary>
    public async Task FinishAsync(Call call, string id, string name, string accepted, Func<JsonNode, bool> done)
    {
        call.Say(accepted);
        if (Asked(call))
        {
            var watch = Watch(call, id, name);
            var instance = await watch.UntilReadyAsync(done);
            call.Print(instance, _ => call.Say($"{name} is {instance.Text("status")} ({Duration.Text(watch.Elapsed)})."));
        }
    }
}
