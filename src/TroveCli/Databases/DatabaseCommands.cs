using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Databases;

internal static class DatabaseCommands
{
    public static IEnumerable<Command> All(CommandContext context) => [Create(context), List(context), Delete(context)];

    private static TroveCommand Create(CommandContext context)
    {
        var instance = Parts.Instance();
        var name = Parts.Required("name", "Name of the database.");
        var characterSet = Parts.Text("character_set", "set", "Character set; the server's by default.");
        var collate = Parts.Text("collate", "collation", "Collation; the character set's by default.");
        return new TroveCommand(
            "database-create", "Creates a database on an instance.", "trove database-create m1 shop --character_set utf8mb4",
            instance, name, characterSet, collate)
            .Does(context, async call =>
            {
                var database = new JsonObject { ["name"] = call.Get(name) };
                database.SetIfGiven("character_set", call.Get(characterSet));
                database.SetIfGiven("collate", call.Get(collate));

                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                await call.Api.PostAsync(
                    Paths.Of("instances", id, "databases"), new JsonObject { ["databases"] = new JsonArray(database) }, call.Stop);
            });
    }

    private static TroveCommand List(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand("database-list", "Lists the databases of an instance.", "trove database-list m1", instance)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var databases = await call.Api.ListAsync(Paths.Of("instances", id, "databases"), "databases", Page.All, call.Stop);
                call.Print(databases, printer => printer.Table(
                    ["Name"], databases.Select(database => (string[])[database.Text("name") ?? ""])));
            });
    }

    private static TroveCommand Delete(CommandContext context)
    {
        var instance = Parts.Instance();
        var name = Parts.Required("database", "Name of the database.");
        return new TroveCommand(
            "database-delete", "Deletes a database of an instance with its data.", "trove database-delete m1 shop", instance, name)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                await call.Api.DeleteAsync(Paths.Of("instances", id, "databases", call.Get(name)), call.Stop);
            });
    }
}
