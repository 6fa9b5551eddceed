using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

internal static class ResizeCommands
{
    public static IEnumerable<Command> All(CommandContext context) => [Flavor(context), Volume(context)];

    private static TroveCommand Flavor(CommandContext context)
    {
        var instance = Parts.Instance();
        var flavor = Parts.Required("flavor", "Id or name of the new flavor (`trove flavor-list`).");
        var waiting = new Waiting();
        return new TroveCommand(
            "resize-instance", "Gives an instance another flavor; its database restarts.", "trove resize-instance m1 8 --wait",
            instance, flavor, waiting.Wait, waiting.Timeout)
            .Does(context, async call =>
            {
                var found = await call.Find.FlavorAsync(call.Get(flavor));
                var flavorId = found.Text("id") ?? found.Text("str_id");
                await ResizeAsync(
                    call, instance, waiting, new JsonObject { ["flavorRef"] = flavorId }, seen => seen.Text("flavor", "id") == flavorId);
            });
    }

    private static TroveCommand Volume(CommandContext context)
    {
        var instance = Parts.Instance();
        var size = new Argument<int>("size") { Description = "The new size of the volume in GB. A volume never shrinks." };
        var waiting = new Waiting();
        return new TroveCommand(
            "resize-volume", "Makes the volume of an instance larger, and those of its slaves.", "trove resize-volume m1 10 --wait",
            instance, size, waiting.Wait, waiting.Timeout)
            .Does(context, call => ResizeAsync(
                call, instance, waiting, new JsonObject { ["volume"] = new JsonObject { ["size"] = call.Get(size) } },
                seen => seen.Number("volume", "size") >= call.Get(size)));
    }

    private static async Task ResizeAsync(
        Call call, Argument<string> instance, Waiting waiting, JsonObject how, Func<JsonNode, bool> done)
    {
        var name = call.Get(instance);
        var id = await call.Find.InstanceIdAsync(name);
        await Actions.PostAsync(call, id, "resize", how);
        await waiting.FinishAsync(call, id, name, $"The resize of {name} is accepted.", done);
    }
}
