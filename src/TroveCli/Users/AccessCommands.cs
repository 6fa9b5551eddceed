using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Users;

internal static class AccessCommands
{
    public static IEnumerable<Command> All(CommandContext context) => [Show(context), Grant(context), Revoke(context)];

    private static TroveCommand Show(CommandContext context)
    {
        var user = new UserPath();
        return new TroveCommand(
            "user-show-access",
            "Lists the databases that a user may use.",
            "trove user-show-access m1 app",
            user.Instance,
            user.Name,
            user.Host)
            .Does(context, async call =>
            {
                var databases = await call.Api.GetAsync(await user.OfAsync(call, "databases"), "databases", call.Stop);
                call.Print(databases, printer => printer.Table(
                    ["Name"], databases.AsArray().Select(database => (string[])[database.Text("name") ?? ""])));
            });
    }

    private static TroveCommand Grant(CommandContext context)
    {
        var user = new UserPath();
        var databases = new Argument<string[]>("databases") { Description = "Names of the databases.", Arity = ArgumentArity.OneOrMore };
        return new TroveCommand(
            "user-grant-access",
            "Gives a user access to databases.",
            "trove user-grant-access m1 app shop",
            user.Instance,
            user.Name,
            databases,
            user.Host)
            .Does(context, async call => await call.Api.PutAsync(
                await user.OfAsync(call, "databases"), new JsonObject { ["databases"] = UserWords.Named(call.Get(databases)) }, call.Stop));
    }

    private static TroveCommand Revoke(CommandContext context)
    {
        var user = new UserPath();
        var database = Parts.Required("database", "Name of the database.");
        return new TroveCommand(
            "user-revoke-access",
            "Takes a user's access to a database away.",
            "trove user-revoke-access m1 app shop",
            user.Instance,
            user.Name,
            database,
            user.Host)
            .Does(context, async call => await call.Api.DeleteAsync(
                await user.OfAsync(call, "databases", call.Get(database)), call.Stop));
    }
}
