using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>update: a new name and one other thing, as Trove has it.</summary>
internal sealed class UpdateCommand
{
    private readonly Argument<string> instance = Parts.Instance();
    private readonly Option<string?> name = Parts.Text("name", "name", "A new name.");
    private readonly Option<string?> group = Parts.Text("configuration", "group", "Id or name of a configuration group to attach.");
    private readonly Option<bool> noGroup = Parts.Flag("remove_configuration", "Take it off its configuration group.");
    private readonly Option<bool> detach = Parts.Flag("detach_replica_source", "Make a slave independent; as detach_replication.");
    private readonly Option<string?> protection = Parts.Text(
        "deletion-protection", "on|off", "Whether the instance is protected from deletion.");

    private readonly Option<string?> failover = Parts.Text(
        "failover", "policy", "Whether a slave takes the master's place by itself when that is dead, or on request.");

    private readonly AccessOptions access = new();
    private readonly Waiting waiting = new();

    public UpdateCommand(CommandContext context)
    {
        protection.AcceptOnlyFromAmong("on", "off");
        failover.AcceptOnlyFromAmong("automatic", "manual");
        Command = new TroveCommand(
            "update",
            "Changes an instance's name, its configuration group, who may reach it, whether it can be deleted, or whether its set "
                + "fails over; or detaches a slave.",
            """
            trove update m1 --name orders --deletion-protection on
              trove update m1 --is-public --allowed-cidr 203.0.113.0/24 --wait
            """,
            [instance, name, group, noGroup, detach, .. access.All, protection, failover, waiting.Wait, waiting.Timeout])
            .Does(context, RunAsync);
    }

    public TroveCommand Command { get; }

    private async Task RunAsync(Call call)
    {
        if (call.Get(noGroup) && call.Get(group) is not null)
        {
            throw new UsageException("--configuration and --remove_configuration contradict each other.");
        }

        var wanted = new JsonObject();
        wanted.SetIfGiven("name", call.Get(name));
        if (call.Get(noGroup))
        {
            wanted["configuration"] = null;
        }

        if (call.Get(detach))
        {
            wanted["replica_of"] = null;
        }

        if (call.Get(protection) is { } state)
        {
            wanted["deletion_protection"] = state == "on";
        }

        wanted.SetIfGiven("failover", call.Get(failover));
        if (access.Read(call) is { } who)
        {
            wanted["access"] = who;
        }

        if (call.Get(group) is { } attached)
        {
            wanted["configuration"] = await call.Find.ConfigurationIdAsync(attached);
        }

        if (wanted.Count == 0)
        {
            throw new UsageException("There is nothing to change; `trove update --help` shows what can be.");
        }

        var called = call.Get(instance);
        var id = await call.Find.InstanceIdAsync(called);
        await call.Api.PatchAsync(Paths.Of("instances", id), new JsonObject { ["instance"] = wanted }, call.Stop);
        await waiting.FinishAsync(call, id, called, $"The change of {called} is accepted.", _ => true);
    }
}
