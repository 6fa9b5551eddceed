using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Backups;

internal static class KeyCommands
{
    private const string Path = "backup_key";

    public static IEnumerable<Command> All(CommandContext context) => [Show(context), Set(context), Unset(context)];

    private static TroveCommand Show(CommandContext context) =>
        new TroveCommand("backup-key-show", "Shows the project's own key for backups.", "trove backup-key-show")
            .Does(context, async call => Print(call, await call.Api.GetAsync(Path, "backup_key", call.Stop)));

    private static TroveCommand Set(CommandContext context)
    {
        var recipient = Parts.Required("recipient", "The public half (age1…), as `age-keygen` prints it.");
        return new TroveCommand(
            "backup-key-set",
            "Has all backups from now on encrypted for a key of the project's own. Nobody else can open them, the service neither.",
            "trove backup-key-set age1…",
            recipient)
            .Does(context, async call =>
            {
                var body = new JsonObject { ["backup_key"] = new JsonObject { ["recipient"] = call.Get(recipient) } };
                var answer = await call.Api.PutAsync(Path, body, call.Stop);
                Print(call, answer?["backup_key"] ?? throw TroveException.Unreadable("backup_key"));
            });
    }

    private static TroveCommand Unset(CommandContext context) =>
        new TroveCommand(
            "backup-key-unset", "Has backups from now on encrypted for keys of the service again.", "trove backup-key-unset")
            .Does(context, async call =>
            {
                await call.Api.DeleteAsync(Path, call.Stop);
                call.Say("Backups from now on are encrypted for keys of the service.");
            });

    private static void Print(Call call, JsonNode key) => call.Print(key, printer => printer.Properties(
        [("recipient", key.Text("recipient") ?? "none"), ("updated", key.Text("updated") ?? "")]));
}
