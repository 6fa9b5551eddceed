using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

internal static class ReplicationCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
        [Topology(context), new WatchCommand(context).Command, Detach(context), Promote(context), Eject(context)];

    private static TroveCommand Topology(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand(
            "topology", "Shows the replication set of an instance as a tree, with lag.", "trove topology m1", instance)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var topology = await call.Api.GetAsync(Paths.Of("instances", id, "topology"), "topology", call.Stop);
                call.Print(topology, printer => printer.Tree(TopologyTree.Of(topology)));
            });
    }

    private static TroveCommand Promote(CommandContext context) => Leaving(
        context,
        "promote_to_replica_source",
        "promotion",
        ["promote-to-replica-source", "promote"],
        "Makes a slave the master: its master stops taking writes, the slave takes them, and all others follow it.");

    private static TroveCommand Eject(CommandContext context)
    {
        var instance = Parts.Instance();
        var force = new Option<bool>("--force")
        {
            Description = "Also when slaves do not answer: what only they have may be lost, and they are left behind.",
        };
        var waiting = new Waiting();
        var command = new TroveCommand(
            "eject-replica-source",
            "Takes a master that does not answer out of its set: its server is switched off, and the slave that has most takes its place.",
            "trove eject-replica-source m1 --wait",
            instance,
            force,
            waiting.Wait,
            waiting.Timeout);
        command.Aliases.Add("eject");
        return command.Does(context, async call =>
        {
            var name = call.Get(instance);
            var id = await call.Find.InstanceIdAsync(name);
            await Actions.PostAsync(call, id, "eject_replica_source", call.Get(force) ? new JsonObject { ["force"] = true } : null);
            call.Say($"The ejection of {name} is accepted.");
            if (waiting.Asked(call))
            {
                var watch = waiting.Watch(call, id, name);
                var ejected = await watch.UntilEjectedAsync();
                call.Print(ejected, _ => call.Say($"{name} is no member of its set any more ({Duration.Text(watch.Elapsed)})."));
            }
        });
    }

    private static TroveCommand Detach(CommandContext context) => Leaving(
        context,
        "detach_replication",
        "detach",
        ["detach_replication", "detach-replication", "detach-replica"],
        "Makes a slave independent and writable; its master forgets it.");

    /// <summary>An action after which a slave has no master.</summary>
    private static TroveCommand Leaving(CommandContext context, string action, string noun, string[] names, string description)
    {
        var instance = Parts.Instance();
        var waiting = new Waiting();
        var command = new TroveCommand(names[0], description, $"trove {names[0]} s1 --wait", instance, waiting.Wait, waiting.Timeout);
        foreach (var alias in names[1..])
        {
            command.Aliases.Add(alias);
        }

        return command.Does(context, async call =>
        {
            var name = call.Get(instance);
            var id = await call.Find.InstanceIdAsync(name);
            await Actions.PostAsync(call, id, action);
            await waiting.FinishAsync(
                call, id, name, $"The {noun} of {name} is accepted.", seen =>
                    seen.Text("slaveOf", "id") is null && seen.Text("replica_of", "id") is null);
        });
    }
}
