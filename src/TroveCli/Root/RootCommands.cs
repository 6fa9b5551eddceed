using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;
using Dbaas.TroveCli.Users;

namespace Dbaas.TroveCli.Root;

internal static class RootCommands
{
    public static IEnumerable<Command> All(CommandContext context) => [Enable(context), Disable(context), Show(context)];

    private static TroveCommand Enable(CommandContext context)
    {
        var instance = Parts.Instance();
        var password = Parts.Secret(
            "root_password", "Password to set; asked for when the option has no value. Without the option the service makes one.");
        return new TroveCommand(
            "root-enable",
            "Enables root, or gives it a new password, and prints the password this once.",
            "trove root-enable m1",
            instance,
            password)
            .Does(context, async call =>
            {
                var body = call.Has(password)
                    ? new JsonObject { ["password"] = call.Get(password) ?? UserWords.Ask(call, "root") }
                    : null;
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var root = await call.Api.PostAsync(Paths.Of("instances", id, "root"), body, "user", call.Stop);
                call.Print(
                    root, printer => printer.Properties([("name", root.Text("name") ?? ""), ("password", root.Text("password") ?? "")]));
            });
    }

    private static TroveCommand Disable(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand("root-disable", "Disables root.", "trove root-disable m1", instance)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                await call.Api.DeleteAsync(Paths.Of("instances", id, "root"), call.Stop);
            });
    }

    private static TroveCommand Show(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand("root-show", "Says whether root was ever enabled.", "trove root-show m1", instance)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var document = await call.Api.GetAsync(Paths.Of("instances", id, "root"), call.Stop)
                    ?? throw TroveException.Unreadable("root");
                call.Print(document, printer => printer.Properties([("is_root_enabled", document.Text("rootEnabled") ?? "")]));
            });
    }
}
