using System.CommandLine;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

internal static class ReplicationCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
        [Topology(context), new WatchCommand(context).Command, Detach(context)];

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

    private static TroveCommand Detach(CommandContext context)
    {
        var instance = Parts.Instance();
        var waiting = new Waiting();
        var command = new TroveCommand(
            "detach_replication", "Makes a slave independent and writable; its master forgets it.", "trove detach_replication s1 --wait",
            instance, waiting.Wait, waiting.Timeout);
        command.Aliases.Add("detach-replication");
        command.Aliases.Add("detach-replica");
        return command.Does(context, async call =>
        {
            var name = call.Get(instance);
            var id = await call.Find.InstanceIdAsync(name);
            await Actions.PostAsync(call, id, "detach_replication");
            await waiting.FinishAsync(
                call, id, name, $"The detach of {name} is accepted.", seen =>
                    seen.Text("slaveOf", "id") is null && seen.Text("replica_of", "id") is null);
        });
    }
}
