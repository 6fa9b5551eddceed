using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Configurations;

/// <summary>What changes the configuration of databases that are there.</summary>
internal static class ChangeCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
        [Replace(context), Merge(context), Attach(context), Detach(context)];

    private static TroveCommand Replace(CommandContext context)
    {
        var (group, values) = (ConfigurationCommands.Group(), ConfigurationCommands.Values());
        var (name, description) = (Parts.Text("name", "name", "A new name."), Parts.Text("description", "text", "What the group is for."));
        return new TroveCommand(
            "configuration-update",
            "Gives a configuration group these values instead of those that it has; its instances get them.",
            """trove configuration-update wide '{"max_connections": 300}'""",
            group, values, name, description)
            .Does(context, async call =>
            {
                var changed = new JsonObject { ["values"] = ConfigurationCommands.Read(call.Get(values)) };
                changed.SetIfGiven("name", call.Get(name));
                changed.SetIfGiven("description", call.Get(description));
                await call.Api.PutAsync(await PathAsync(call, group), new JsonObject { ["configuration"] = changed }, call.Stop);
            });
    }

    private static TroveCommand Merge(CommandContext context)
    {
        var (group, values) = (ConfigurationCommands.Group(), ConfigurationCommands.Values());
        return new TroveCommand(
            "configuration-patch",
            "Gives a configuration group these values beside those that it has; its instances get them.",
            """trove configuration-patch wide '{"wait_timeout": 90}'""",
            group, values)
            .Does(context, async call => await call.Api.PatchAsync(
                await PathAsync(call, group),
                new JsonObject { ["configuration"] = new JsonObject { ["values"] = ConfigurationCommands.Read(call.Get(values)) } },
                call.Stop));
    }

    private static TroveCommand Attach(CommandContext context)
    {
        var (instance, group) = (Parts.Instance(), ConfigurationCommands.Group());
        return new TroveCommand(
            "configuration-attach", "Gives an instance a configuration group.", "trove configuration-attach m1 wide", instance, group)
            .Does(context, async call => await GiveAsync(call, instance, await call.Find.ConfigurationIdAsync(call.Get(group))));
    }

    private static TroveCommand Detach(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand(
            "configuration-detach",
            "Takes an instance off its configuration group.",
            "trove configuration-detach m1",
            instance)
            .Does(context, call => GiveAsync(call, instance, null));
    }

    private static async Task GiveAsync(Call call, Argument<string> instance, string? group) => await call.Api.PutAsync(
        Paths.Of("instances", await call.Find.InstanceIdAsync(call.Get(instance))),
        new JsonObject { ["instance"] = new JsonObject { ["configuration"] = group } },
        call.Stop);

    private static async Task<string> PathAsync(Call call, Argument<string> group) =>
        Paths.Of("configurations", await call.Find.ConfigurationIdAsync(call.Get(group)));
}
