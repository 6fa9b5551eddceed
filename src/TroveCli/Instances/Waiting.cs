using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>--wait and --timeout.</summary>
internal sealed class Waiting
{
    public Option<bool> Wait { get; } = new("--wait")
    {
        Description = "Wait until it is done and show the step that it is at. Exit 1 if it ends in a fault.",
    };

    public Option<int> Timeout { get; } = new("--timeout")
    {
        Description = "Give up waiting after this many seconds; the operation goes on.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 1800,
    };

    public bool Asked(Call call) => call.Get(Wait);

    public InstanceWatch Watch(Call call, string id, string name) => new(call, id, name, TimeSpan.FromSeconds(call.Get(Timeout)));

    /// <summary>After an action was accepted: says so, or waits for it and prints the instance as JSON where that is asked for.</summary>
    public async Task FinishAsync(Call call, string id, string name, string accepted, Func<JsonNode, bool> done)
    {
        call.Say(accepted);
        if (Asked(call))
        {
            var watch = Watch(call, id, name);
            var instance = await watch.UntilReadyAsync(done);
            call.Print(instance, _ => call.Say($"{name} is {instance.Text("status")} ({watch.Elapsed.TotalSeconds:0} s)."));
        }
    }
}
