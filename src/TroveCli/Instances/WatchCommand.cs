using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dbaas.TroveCli.Instances;

/// <summary>watch: the set of an instance as it is, again and again.</summary>
internal sealed class WatchCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Argument<string> instance = Parts.Instance();

    public WatchCommand(CommandContext context) => Command = new TroveCommand(
        "watch",
        "Shows the set of an instance, with status, lag and operations, until Ctrl-C; once where nobody looks at it.",
        "trove watch m1",
        instance).Does(context, RunAsync);

    public TroveCommand Command { get; }

    private async Task RunAsync(Call call)
    {
        var id = await call.Find.InstanceIdAsync(call.Get(instance));
        if (call.Json || !call.Terminal.OutIsLive)
        {
            var set = await SeeAsync(call, id);
            call.Print(set, printer => printer.Tree(TopologyTree.Of(set)));
            return;
        }

        await call.Terminal.Draw(call.Terminal.Out).Live(new Text("")).StartAsync(async picture =>
        {
            try
            {
                await DrawAsync(call, id, picture);
            }
            catch (OperationCanceledException)
            {
                // That is how it ends.
            }
        });
    }

    private static async Task DrawAsync(Call call, string id, LiveDisplayContext picture)
    {
        IRenderable[] last = [];
        while (true)
        {
            var pause = Pause;
            try
            {
                var set = await SeeAsync(call, id);
                last = [.. TopologyTree.Of(set).Select(Printer.TreeOf)];
                picture.UpdateTarget(new Rows([new Text($"{call.Clock.GetUtcNow():HH:mm:ss} UTC; Ctrl-C ends this."), .. last]));

                // Each member is a request, and a minute has not room for any number of them.
                pause = TimeSpan.FromSeconds(Math.Max(pause.TotalSeconds, set.Items("members").Count()));
            }
            catch (TroveException e) when (Commands.Watch.IsPassing(e))
            {
                picture.UpdateTarget(new Rows([new Text($"No answer at the moment: {Visible.Text(e.Message)}"), .. last]));
                pause = (e as ApiException)?.RetryAfter is { } asked && asked > pause ? asked : pause;
            }

            await Task.Delay(pause, call.Clock, call.Stop);
        }
    }

    /// <summary>The topology, and of each member what the topology does not say.</summary>
    private static async Task<JsonNode> SeeAsync(Call call, string id)
    {
        var topology = await call.Api.GetAsync(Paths.Of("instances", id, "topology"), "topology", call.Stop);
        foreach (var member in topology.Items("members").OfType<JsonObject>())
        {
            try
            {
                var one = await call.Api.GetAsync(Paths.Of("instances", member.Id()), "instance", call.Stop);
                foreach (var field in (string[])["status", "operating_status", "operation"])
                {
                    member[field] = one[field]?.DeepClone();
                }
            }
            catch (ApiException e) when (e.Status == 404)
            {
                member["status"] = "gone";
            }
        }

        return topology;
    }
}
