using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Backups;

/// <summary>schedule-* and execution-list, with the arguments that Trove's client has for them.</summary>
internal static class ScheduleCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
        [Create(context), List(context), Show(context), Update(context), Delete(context), Executions(context)];

    private static TroveCommand Create(CommandContext context)
    {
        var instance = Parts.Required("instance", "Id or name of the instance; 'all': every instance of the project.");
        var cron = Parts.Required("pattern", "When: five fields as in a crontab, in quotes. Hours are UTC but for --time-zone.");
        var name = Parts.Required("name", "Name of the schedule; its backups' names begin with it.");
        var zone = Parts.Text("time-zone", "zone", "The zone of the pattern, for example Europe/Berlin.");
        var incremental = new Option<bool>("--incremental") { Description = "What changed since the last one, where that can be had." };
        var verify = new Option<bool>("--verify") { Description = "Verify each backup once it is complete." };
        var rules = new ScheduleRules();
        return new TroveCommand(
            "schedule-create",
            "Has an instance backed up again and again.",
            """
            trove schedule-create m1 "0 3 * * *" nightly --incremental --keep-days 14
              trove schedule-create all "30 4 * * SUN" weekly --keep-last 8
            """,
            instance, cron, name, zone, incremental, rules.FullEvery, rules.KeepLast, rules.KeepDays, verify)
            .Does(context, async call =>
            {
                var schedule = new JsonObject { ["name"] = call.Get(name), ["cron"] = call.Get(cron) };
                schedule.SetIfGiven(
                    "instance", call.Get(instance) is "all" ? null : await call.Find.InstanceIdAsync(call.Get(instance)));
                schedule.SetIfGiven("time_zone", call.Get(zone));
                if (call.Get(incremental))
                {
                    schedule["incremental"] = true;
                }

                if (call.Get(verify))
                {
                    schedule["verify"] = true;
                }

                rules.AddTo(schedule, call);
                var made = await call.Api.PostAsync(
                    "backup_schedules", new JsonObject { ["backup_schedule"] = schedule }, "backup_schedule", call.Stop);
                call.Print(made, printer => printer.Properties(Properties(made)));
            });
    }

    private static TroveCommand List(CommandContext context)
    {
        var instance = Parts.Maybe("instance", "Id or name of an instance: only the schedules that back it up.");
        var paging = new Paging();
        return new TroveCommand(
            "schedule-list", "Lists the schedules of backups.", "trove schedule-list m1", instance, paging.Limit, paging.Marker)
            .Does(context, async call =>
            {
                var path = call.Get(instance) is { } named
                    ? Paths.Of("instances", await call.Find.InstanceIdAsync(named), "backup_schedules")
                    : "backup_schedules";
                var schedules = await call.Api.ListAsync(path, "backup_schedules", paging.Of(call), call.Stop);
                call.Print(schedules, printer => printer.Table(
                    ["ID", "Name", "Pattern", "Time zone", "Instance ID", "Incremental", "Next", "Last fault"],
                    schedules.Select(one => (string[])[
                        one.Text("id") ?? "", one.Text("name") ?? "", one.Text("cron") ?? "", one.Text("time_zone") ?? "",
                        one.Text("instance_id") ?? "all", one.Text("incremental") ?? "", one.Text("next_due") ?? "never",
                        one.Text("last_fault") ?? ""])));
            });
    }

    private static TroveCommand Show(CommandContext context)
    {
        var schedule = Schedule();
        return new TroveCommand(
            "schedule-show", "Shows a schedule, and how its last times ended.", "trove schedule-show nightly", schedule)
            .Does(context, async call =>
            {
                // The list has fewer fields, so a name is looked up twice.
                var id = await call.Find.ScheduleIdAsync(call.Get(schedule));
                var one = await call.Api.GetAsync(Paths.Of("backup_schedules", id), "backup_schedule", call.Stop);
                call.Print(one, printer => printer.Properties(Properties(one)));
            });
    }

    private static TroveCommand Update(CommandContext context)
    {
        var schedule = Schedule();
        var name = Parts.Text("name", "name", "A new name.");
        var cron = Parts.Text("pattern", "pattern", "Other times.");
        var zone = Parts.Text("time-zone", "zone", "Their zone.");
        var verify = Parts.Text("verify", "on|off", "Whether each backup is verified once it is complete.");
        verify.AcceptOnlyFromAmong("on", "off");
        var rules = new ScheduleRules();
        return new TroveCommand(
            "schedule-update", "Changes a schedule. A limit of 0 is no limit.", "trove schedule-update nightly --keep-days 30",
            schedule, name, cron, zone, rules.FullEvery, rules.KeepLast, rules.KeepDays, verify)
            .Does(context, async call =>
            {
                var wanted = new JsonObject();
                wanted.SetIfGiven("name", call.Get(name));
                wanted.SetIfGiven("cron", call.Get(cron));
                wanted.SetIfGiven("time_zone", call.Get(zone));
                rules.AddTo(wanted, call);
                if (call.Get(verify) is { } state)
                {
                    wanted["verify"] = state == "on";
                }

                if (wanted.Count == 0)
                {
                    throw new UsageException("There is nothing to change.");
                }

                var id = await call.Find.ScheduleIdAsync(call.Get(schedule));
                await call.Api.PatchAsync(
                    Paths.Of("backup_schedules", id), new JsonObject { ["backup_schedule"] = wanted }, call.Stop);
                call.Say($"{call.Get(schedule)} is changed.");
            });
    }

    private static TroveCommand Delete(CommandContext context)
    {
        var schedule = Schedule();
        return new TroveCommand(
            "schedule-delete", "Deletes a schedule. The backups that it took stay.", "trove schedule-delete nightly", schedule)
            .Does(context, async call =>
            {
                await call.Api.DeleteAsync(Paths.Of("backup_schedules", await call.Find.ScheduleIdAsync(call.Get(schedule))), call.Stop);
                call.Say($"{call.Get(schedule)} is deleted.");
            });
    }

    private static TroveCommand Executions(CommandContext context)
    {
        var schedule = Schedule();
        return new TroveCommand("execution-list", "Lists the backups that a schedule took.", "trove execution-list nightly", schedule)
            .Does(context, async call =>
            {
                var id = await call.Find.ScheduleIdAsync(call.Get(schedule));
                var ofIt = Page.All with { Filter = $"schedule_id={Uri.EscapeDataString(id)}" };
                BackupCommands.Print(call, await call.Api.ListAsync("backups", "backups", ofIt, call.Stop));
            });
    }

    private static Argument<string> Schedule() => Parts.Required("schedule", "Id or name of the schedule.");

    private static IEnumerable<(string, string)> Properties(JsonNode schedule) =>
        schedule.AsObject()
            .Select(field => (field.Key, field.Value switch
            {
                null when field.Key == "instance_id" => "all",
                null => "",
                JsonArray runs => string.Join("; ", runs.Select(run => Line(run!))),
                var value => value.Text() ?? "",
            }))
            .OrderBy(row => row.Key, StringComparer.Ordinal);

    private static string Line(JsonNode run) =>
        $"{run.Text("due")} {run.Text("state")} {run.Text("fault") ?? run.Text("backup_id")} ({run.Text("instance_id")})";
}
