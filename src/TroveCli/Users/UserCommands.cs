using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Users;

internal static class UserCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
        [Create(context), List(context), Show(context), Delete(context), Update(context)];

    private static TroveCommand Create(CommandContext context)
    {
        var instance = Parts.Instance();
        var name = Parts.Maybe("name", "Name of the user.");
        var password = Parts.Maybe("password", "Password; asked for when it is left out.");
        var host = Parts.Text("host", "host", "Host from which the user may connect; % (any) by default.");
        var databases = Parts.Several("databases", "database", "Databases that the user gets access to.");
        var file = Parts.Text(
            "users-file", "file", "Create the users of this file instead, one name:password a line; - reads standard input.");
        return new TroveCommand(
            "user-create", "Creates a user, or those of a file.", "trove user-create m1 app --databases shop",
            instance, name, password, host, databases, file)
            .Does(context, async call =>
            {
                var users = UserWords.Read(call, [], call.Get(file));
                if (call.Get(name) is { } one)
                {
                    users.Add(new UserWord(one, call.Get(password) ?? UserWords.Ask(call, one)));
                }

                if (users.Count == 0)
                {
                    throw new UsageException("A user is missing: trove user-create <instance> <name>, or --users-file.");
                }

                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var documents = users.Select(user => (JsonNode)user.ToJson(call.Get(host), call.Get(databases) ?? []));
                await call.Api.PostAsync(
                    Paths.Of("instances", id, "users"), new JsonObject { ["users"] = new JsonArray([.. documents]) }, call.Stop);
            });
    }

    private static TroveCommand List(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand("user-list", "Lists the users of an instance.", "trove user-list m1", instance)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var users = await call.Api.ListAsync(Paths.Of("instances", id, "users"), "users", Page.All, call.Stop);
                call.Print(users, printer => printer.Table(
                    ["Name", "Host", "Databases"],
                    users.Select(user => (string[])[user.Text("name") ?? "", user.Text("host") ?? "", Databases(user)])));
            });
    }

    private static TroveCommand Show(CommandContext context)
    {
        var user = new UserPath();
        return new TroveCommand("user-show", "Shows a user of an instance.", "trove user-show m1 app", user.Instance, user.Name, user.Host)
            .Does(context, async call =>
            {
                var document = await call.Api.GetAsync(await user.OfAsync(call), "user", call.Stop);
                call.Print(document, printer => printer.Properties(
                [
                    ("databases", Databases(document)), ("host", document.Text("host") ?? ""), ("name", document.Text("name") ?? ""),
                ]));
            });
    }

    private static TroveCommand Delete(CommandContext context)
    {
        var user = new UserPath();
        return new TroveCommand(
            "user-delete", "Deletes a user of an instance.", "trove user-delete m1 app", user.Instance, user.Name, user.Host)
            .Does(context, async call => await call.Api.DeleteAsync(await user.OfAsync(call), call.Stop));
    }

    private static TroveCommand Update(CommandContext context)
    {
        var user = new UserPath();
        var newName = Parts.Text("new_name", "name", "New name.");
        var newPassword = Parts.Secret("new_password", "New password; asked for when the option has no value.");
        var newHost = Parts.Text("new_host", "host", "New host.");
        return new TroveCommand(
            "user-update-attributes", "Changes the name, the password or the host of a user.",
            "trove user-update-attributes m1 app --new_password",
            user.Instance, user.Name, user.Host, newName, newPassword, newHost)
            .Does(context, async call =>
            {
                var changes = new JsonObject();
                changes.SetIfGiven("name", call.Get(newName));
                changes.SetIfGiven(
                    "password", call.Has(newPassword) ? call.Get(newPassword) ?? UserWords.Ask(call, call.Get(user.Name)) : null);
                changes.SetIfGiven("host", call.Get(newHost));
                if (changes.Count == 0)
                {
                    throw new UsageException("Nothing to change: give --new_name, --new_password or --new_host.");
                }

                await call.Api.PutAsync(await user.OfAsync(call), new JsonObject { ["user"] = changes }, call.Stop);
            });
    }

    private static string Databases(JsonNode? user) =>
        string.Join(", ", user.Items("databases").Select(database => database.Text("name")));
}
