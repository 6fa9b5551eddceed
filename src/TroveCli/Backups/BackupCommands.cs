using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Backups;

internal static class BackupCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
        [Create(context), Register(context), List(context), ListOfInstance(context), Show(context), Verify(context), Delete(context)];

    private static TroveCommand Create(CommandContext context)
    {
        var instance = Parts.Instance();
        var name = Parts.Required("name", "Name of the backup.");
        var description = Parts.Text("description", "text", "What it is for.");
        var parent = Parts.Text("parent", "backup", "Only what changed since this backup, by id or name.");
        var incremental = new Option<bool>("--incremental") { Description = "Only what changed since the newest backup of the instance." };
        var waiting = new WaitOptions();
        return new TroveCommand(
            "backup-create",
            "Backs an instance up, while it serves.",
            """
            trove backup-create m1 nightly --wait
              trove backup-create m1 later --parent nightly
            """,
            instance, name, description, parent, incremental, waiting.Wait, waiting.Timeout)
            .Does(context, async call =>
            {
                var backup = new JsonObject
                {
                    ["instance"] = await call.Find.InstanceIdAsync(call.Get(instance)),
                    ["name"] = call.Get(name),
                };
                backup.SetIfGiven("description", call.Get(description));
                backup.SetIfGiven("parent_id", call.Get(parent) is { } before ? await call.Find.BackupIdAsync(before) : null);
                if (call.Get(incremental))
                {
                    backup["incremental"] = 1;
                }

                var made = await call.Api.PostAsync("backups", new JsonObject { ["backup"] = backup }, "backup", call.Stop);
                if (waiting.Asked(call))
                {
                    made = await CompleteAsync(call, made, waiting.Patience(call));
                }

                call.Print(made, printer => printer.Properties(Properties(made)));
            });
    }

    private static TroveCommand Register(CommandContext context)
    {
        var name = Parts.Required("name", "Name of the backup.");
        var location = Parts.Required("location", "The object's address, as Trove says it (locationRef).");
        var version = Parts.Required("version", "Id of the datastore version that it is of here.");
        var size = new Argument<double>("size") { Description = "Size of its data in GB." };
        var project = Parts.Text("project", "id", "The project that gets it (without: yours).");
        var waiting = new WaitOptions();
        return new TroveCommand(
            "backup-register",
            "Makes a backup known that a Trove took; for administrators. Nothing is copied.",
            "trove backup-register old https://swift.example.org/v1/AUTH_p/database_backups/ID.xbstream.gz VERSION 5",
            name, location, version, size, project, waiting.Wait, waiting.Timeout)
            .Does(context, async call =>
            {
                var backup = new JsonObject
                {
                    ["name"] = call.Get(name),
                    ["restore_from"] = new JsonObject
                    {
                        ["remote_location"] = call.Get(location),
                        ["local_datastore_version_id"] = call.Get(version),
                        ["size"] = call.Get(size),
                    },
                };
                backup.SetIfGiven("project_id", call.Get(project));
                var made = await call.Api.PostAsync("backups", new JsonObject { ["backup"] = backup }, "backup", call.Stop);
                if (waiting.Asked(call))
                {
                    made = await CompleteAsync(call, made, waiting.Patience(call));
                }

                call.Print(made, printer => printer.Properties(Properties(made)));
            });
    }

    private static TroveCommand List(CommandContext context)
    {
        var paging = new Paging();
        return new TroveCommand("backup-list", "Lists the backups.", "trove backup-list", paging.Limit, paging.Marker)
            .Does(context, async call => Print(call, await call.Api.ListAsync("backups", "backups", paging.Of(call), call.Stop)));
    }

    private static TroveCommand ListOfInstance(CommandContext context)
    {
        var instance = Parts.Instance();
        var paging = new Paging();
        return new TroveCommand(
            "backup-list-instance", "Lists the backups of an instance.", "trove backup-list-instance m1",
            instance, paging.Limit, paging.Marker)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                Print(call, await call.Api.ListAsync(Paths.Of("instances", id, "backups"), "backups", paging.Of(call), call.Stop));
            });
    }

    private static TroveCommand Show(CommandContext context)
    {
        var backup = Backup();
        return new TroveCommand("backup-show", "Shows a backup, and how far it is.", "trove backup-show nightly", backup)
            .Does(context, async call =>
            {
                var one = await call.Find.BackupAsync(call.Get(backup));
                call.Print(one, printer => printer.Properties(Properties(one)));
            });
    }

    private static TroveCommand Verify(CommandContext context)
    {
        var backup = Backup();
        var waiting = new WaitOptions();
        return new TroveCommand(
            "backup-verify",
            "Has a backup restored on a server of the service's own, and read as a whole.",
            "trove backup-verify nightly --wait",
            backup, waiting.Wait, waiting.Timeout)
            .Does(context, async call =>
            {
                var id = await call.Find.BackupIdAsync(call.Get(backup));
                var one = await call.Api.PostAsync(
                    Paths.Of("backups", id, "action"), new JsonObject { ["verify"] = new JsonObject() }, "backup", call.Stop);
                if (waiting.Asked(call))
                {
                    one = await VerifiedAsync(call, one, waiting.Patience(call));
                }

                call.Print(one, printer => printer.Properties(Properties(one)));
            });
    }

    private static TroveCommand Delete(CommandContext context)
    {
        var backup = Backup();
        return new TroveCommand(
            "backup-delete", "Deletes a backup, and those that follow on it.", "trove backup-delete nightly", backup)
            .Does(context, async call =>
            {
                var id = await call.Find.BackupIdAsync(call.Get(backup));
                await call.Api.DeleteAsync(Paths.Of("backups", id), call.Stop);
                call.Say($"{call.Get(backup)} is being deleted.");
            });
    }

    private static async Task<JsonNode> CompleteAsync(Call call, JsonNode made, TimeSpan timeout)
    {
        var (id, name) = (made.Id(), made.Text("name") ?? made.Id());
        var watched = new Watched(Paths.Of("backups", id), "backup", name, $"trove backup-show {id}", BackupProgress.Of);
        var over = await new Watch(call, watched, timeout).UntilAsync(one => one.Text("status") is "COMPLETED" or "FAILED")
            ?? throw new TroveException($"{name} was deleted meanwhile.");
        return over.Text("status") == "COMPLETED"
            ? over
            : throw new TroveException($"{name} failed: {over.Text("fault") ?? "no reason was given"}");
    }

    private static async Task<JsonNode> VerifiedAsync(Call call, JsonNode asked, TimeSpan timeout)
    {
        var (id, name) = (asked.Id(), asked.Text("name") ?? asked.Id());
        var watched = new Watched(Paths.Of("backups", id), "backup", name, $"trove backup-show {id}", BackupProgress.OfVerification);
        var over = await new Watch(call, watched, timeout).UntilAsync(one => one.Text("verification") is null)
            ?? throw new TroveException($"{name} was deleted meanwhile.");
        return over.Text("verified") == "ok"
            ? over
            : throw new TroveException($"{name} did not pass: {over.Text("verified_fault") ?? "no reason was given"}");
    }

    private static Argument<string> Backup() => Parts.Required("backup", "Id or name of the backup.");

    public static void Print(Call call, JsonArray backups) => call.Print(backups, printer => printer.Table(
        ["ID", "Instance ID", "Name", "Status", "Parent ID", "Size", "Updated"],
        backups.Select(backup => (string[])[
            backup.Text("id") ?? "", backup.Text("instance_id") ?? "", backup.Text("name") ?? "", $"{BackupProgress.Of(backup!)}",
            backup.Text("parent_id") ?? "", backup.Text("size") is { } size ? $"{size} GB" : "", backup.Text("updated") ?? ""])));

    private static IEnumerable<(string, string)> Properties(JsonNode backup) =>
        backup.AsObject()
            .Where(field => field.Key is not "links")
            .Select(field => field.Key switch
            {
                "progress" => (field.Key, $"{BackupProgress.Of(backup)}"),
                "stored_bytes" => (field.Key, BackupProgress.Bytes(field.Value!.GetValue<long>())),
                _ => (field.Key, field.Value is JsonObject inner ? JsonText.OneLine(inner) : field.Value.Text() ?? ""),
            })
            .OrderBy(row => row.Key, StringComparer.Ordinal);
}
