using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Configurations;

internal static class ConfigurationCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
        [
            Create(context), List(context), Show(context), .. ChangeCommands.All(context), Delete(context), Instances(context),
            Default(context),
        ];

    private static TroveCommand Create(CommandContext context)
    {
        var name = Parts.Required("name", "Name of the group.");
        var values = Values();
        var datastore = Parts.Text("datastore", "datastore", "Datastore that the group is for.");
        var version = Parts.Text("datastore_version", "version", "Version of the datastore.");
        var description = Parts.Text("description", "text", "What the group is for.");
        return new TroveCommand(
            "configuration-create", "Creates a configuration group.", """trove configuration-create wide '{"max_connections": 200}'""",
            name, values, datastore, version, description)
            .Does(context, async call =>
            {
                var group = new JsonObject { ["name"] = call.Get(name), ["values"] = Read(call.Get(values)) };
                group.SetIfGiven("description", call.Get(description));

                if (call.Get(datastore) is not null || call.Get(version) is not null)
                {
                    var of = new JsonObject();
                    of.SetIfGiven("type", call.Get(datastore));
                    of.SetIfGiven("version", call.Get(version));
                    group["datastore"] = of;
                }

                var created = await call.Api.PostAsync(
                    "configurations", new JsonObject { ["configuration"] = group }, "configuration", call.Stop);
                call.Print(created, printer => printer.Properties(Properties(created)));
            });
    }

    private static TroveCommand List(CommandContext context)
    {
        var paging = new Paging();
        return new TroveCommand(
            "configuration-list", "Lists the configuration groups.", "trove configuration-list", paging.Limit, paging.Marker)
            .Does(context, async call =>
            {
                var groups = await call.Api.ListAsync("configurations", "configurations", paging.Of(call), call.Stop);
                call.Print(groups, printer => printer.Table(
                    ["ID", "Name", "Description", "Datastore Name", "Datastore Version Name"],
                    groups.Select(group => (string[])[
                        group.Text("id") ?? "", group.Text("name") ?? "", group.Text("description") ?? "",
                        group.Text("datastore_name") ?? "", group.Text("datastore_version_name") ?? ""])));
            });
    }

    private static TroveCommand Show(CommandContext context)
    {
        var configuration = Group();
        return new TroveCommand("configuration-show", "Shows a configuration group.", "trove configuration-show wide", configuration)
            .Does(context, async call =>
            {
                var id = await call.Find.ConfigurationIdAsync(call.Get(configuration));
                var group = await call.Api.GetAsync(Paths.Of("configurations", id), "configuration", call.Stop);
                call.Print(group, printer => printer.Properties(Properties(group)));
            });
    }

    private static TroveCommand Delete(CommandContext context)
    {
        var configuration = Group();
        return new TroveCommand(
            "configuration-delete",
            "Deletes a configuration group that no instance uses.",
            "trove configuration-delete wide",
            configuration)
            .Does(context, async call =>
            {
                var id = await call.Find.ConfigurationIdAsync(call.Get(configuration));
                await call.Api.DeleteAsync(Paths.Of("configurations", id), call.Stop);
            });
    }

    private static TroveCommand Instances(CommandContext context)
    {
        var configuration = Group();
        var paging = new Paging();
        return new TroveCommand(
            "configuration-instances", "Lists the instances that use a configuration group.", "trove configuration-instances wide",
            configuration, paging.Limit, paging.Marker)
            .Does(context, async call =>
            {
                var id = await call.Find.ConfigurationIdAsync(call.Get(configuration));
                var instances = await call.Api.ListAsync(
                    Paths.Of("configurations", id, "instances"), "instances", paging.Of(call), call.Stop);
                call.Print(instances, printer => printer.Table(
                    ["ID", "Name"], instances.Select(instance => (string[])[instance.Text("id") ?? "", instance.Text("name") ?? ""])));
            });
    }

    private static TroveCommand Default(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand(
            "configuration-default",
            "Shows the configuration that an instance has by its flavor.",
            "trove configuration-default m1",
            instance)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var document = await call.Api.GetAsync(Paths.Of("instances", id, "configuration"), "instance", call.Stop);
                call.Print(document, printer => printer.Properties(
                    (document["configuration"] as JsonObject ?? []).Select(field => (field.Key, field.Value.Text() ?? "")).Order()));
            });
    }

    public static Argument<string> Values() => Parts.Required("values", "The parameters as a JSON object.");

    public static Argument<string> Group() => Parts.Required("configuration_group", "Id or name of the configuration group.");

    public static JsonObject Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new UsageException("The values must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw new UsageException($"The values are not JSON: {e.Message} " + """Example: '{"max_connections": 200}'""");
        }
    }

    private static IEnumerable<(string, string)> Properties(JsonNode group) =>
        group.AsObject()
            .Where(field => field.Key != "links")
            .Select(field => (field.Key, field.Value is JsonObject inner ? JsonText.OneLine(inner) : field.Value.Text() ?? ""))
            .OrderBy(row => row.Key, StringComparer.Ordinal);
}
