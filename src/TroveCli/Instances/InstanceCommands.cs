using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

internal static class InstanceCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
    [
        List(context), Show(context), new CreateCommand(context).Command, new UpdateCommand(context).Command, Delete(context),
        ForceDelete(context), ResetStatus(context), Restart(context), History(context), PointInTime(context),
    ];

    private static TroveCommand List(CommandContext context)
    {
        var paging = new Paging();
        var health = new Option<bool>("--health") { Description = "Also show how each database is." };
        var all = new Option<bool>("--all") { Description = "The instances of all projects (administrators)." };
        return new TroveCommand(
            "list", "Lists the instances of the project.", "trove list --health", paging.Limit, paging.Marker, health, all)
            .Does(context, async call =>
            {
                var instances = await call.Api.ListAsync(
                    call.Get(all) ? "mgmt/instances" : "instances", "instances", paging.Of(call), call.Stop);
                var columns = InstanceColumns.OfUser.ToList();
                columns.AddRange(call.Get(health) ? [InstanceColumns.Health] : []);
                columns.AddRange(call.Get(all) ? [InstanceColumns.Project] : []);
                call.Print(instances, printer => printer.Table(columns, instances));
            });
    }

    private static TroveCommand Show(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand(
            "show", "Shows an instance: its state, addresses, master or slaves, and the operation it is in.", "trove show m1", instance)
            .Does(context, async call =>
            {
                // The list has fewer fields, so a name is looked up twice.
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var document = await call.Api.GetAsync(Paths.Of("instances", id), "instance", call.Stop);
                call.Print(document, printer => printer.Properties(InstanceProperties.All(document)));
            });
    }

    private static TroveCommand Delete(CommandContext context)
    {
        var instances = new Argument<string[]>("instance")
        {
            Description = "Ids or names of the instances.",
            Arity = ArgumentArity.OneOrMore,
        };
        var backup = Parts.Text(
            "final-backup", "name", "Take a last backup of this name first, and delete nothing before it is complete.");
        var waiting = new Waiting();
        return new TroveCommand(
            "delete",
            "Deletes instances with all their data.",
            """
            trove delete s1 --wait
              trove delete m1 --final-backup m1-last --wait
            """,
            instances, backup, waiting.Wait, waiting.Timeout)
            .Does(context, async call =>
            {
                // All names first: a typo must not leave half of the work done.
                var ids = new List<(string Name, string Id)>();
                foreach (var name in call.Get(instances))
                {
                    ids.Add((name, await call.Find.InstanceIdAsync(name)));
                }

                foreach (var (name, id) in ids)
                {
                    var query = call.Get(backup) is { } last ? $"?final_backup={Uri.EscapeDataString(last)}" : "";
                    await call.Api.DeleteAsync(Paths.Of("instances", id) + query, call.Stop);
                    call.Say($"The deletion of {name} is accepted.");
                }

                foreach (var (name, id) in waiting.Asked(call) ? ids : [])
                {
                    await waiting.Watch(call, id, name).UntilGoneAsync();
                    call.Say($"{name} is gone.");
                }
            });
    }

    private static TroveCommand ForceDelete(CommandContext context)
    {
        var instance = Parts.Instance();
        var waiting = new Waiting();
        return new TroveCommand(
            "force-delete",
            "Deletes an instance that is stuck: what holds it is given up first.",
            "trove force-delete m1",
            instance,
            waiting.Wait,
            waiting.Timeout)
            .Does(context, async call =>
            {
                var name = call.Get(instance);
                var id = await call.Find.InstanceIdAsync(name);
                await Actions.PostAsync(call, id, "reset_status", new JsonObject { ["force_delete"] = true });
                await call.Api.DeleteAsync(Paths.Of("instances", id), call.Stop);
                call.Say($"The deletion of {name} is accepted.");
                if (waiting.Asked(call))
                {
                    await waiting.Watch(call, id, name).UntilGoneAsync();
                    call.Say($"{name} is gone.");
                }
            });
    }

    private static TroveCommand ResetStatus(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand(
            "reset-status",
            "Makes the operation that holds an instance turn back; for administrators.",
            "trove reset-status m1",
            instance)
            .Does(context, async call =>
            {
                var name = call.Get(instance);
                await Actions.PostAsync(call, await call.Find.InstanceIdAsync(name), "reset_status");
                call.Say($"What holds {name} turns back.");
            });
    }

    private static TroveCommand PointInTime(CommandContext context)
    {
        var instance = Parts.Instance();
        var wish = new Argument<string>("wish") { Description = "on or off." };
        wish.AcceptOnlyFromAmong("on", "off");
        return new TroveCommand(
            "point-in-time",
            "Archives an instance's binary log all the time, so that it can be restored to any moment; or does so no more.",
            "trove point-in-time m1 on",
            instance,
            wish)
            .Does(context, async call =>
            {
                var name = call.Get(instance);
                var path = Paths.Of("instances", await call.Find.InstanceIdAsync(name));
                var change = new JsonObject { ["point_in_time_recovery"] = call.Get(wish) == "on" };
                await call.Api.PutAsync(path, new JsonObject { ["instance"] = change }, call.Stop);
                call.Say($"Point-in-time recovery of {name} is {call.Get(wish)}.");
            });
    }

    private static TroveCommand Restart(CommandContext context)
    {
        var instance = Parts.Instance();
        var waiting = new Waiting();
        return new TroveCommand(
            "restart", "Restarts the database server of an instance.", "trove restart m1 --wait", instance, waiting.Wait, waiting.Timeout)
            .Does(context, async call =>
            {
                var name = call.Get(instance);
                var id = await call.Find.InstanceIdAsync(name);
                await Actions.PostAsync(call, id, "restart");
                await waiting.FinishAsync(call, id, name, $"The restart of {name} is accepted.", _ => true);
            });
    }

    private static TroveCommand History(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand("history", "Shows what happened to an instance, step by step.", "trove history m1", instance)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var history = await call.Api.ListAsync(Paths.Of("instances", id, "history"), "history", Page.All, call.Stop);
                call.Print(history, printer => printer.Table(
                    ["Time", "Event", "Step", "Outcome", "Detail"],
                    history.Select(entry => (string[])[
                        entry.Text("time") ?? "", entry.Text("event") ?? "", entry.Text("step") ?? "",
                        entry.Text("outcome") ?? "", entry.Text("detail") ?? ""])));
            });
    }
}
