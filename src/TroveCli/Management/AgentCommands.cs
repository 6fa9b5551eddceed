using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Instances;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Management;

/// <summary>Releases of the agents, for administrators.</summary>
internal static class AgentCommands
{
    private const string Rollout = "mgmt/agents/rollout";

    private static readonly Column[] Columns =
    [
        new("Instance ID", "instance_id"),
        new("Name", "name"),
        InstanceColumns.Project,
        new("Version", "version"),
        new("Protocol", "protocol"),
        new("Current", "current"),
        new("Wave", "wave"),
    ];

    public static IEnumerable<Command> All(CommandContext context) => [List(context), Begin(context), Stop(context)];

    private static TroveCommand List(CommandContext context) =>
        new TroveCommand("agent-list", "Lists the agents' releases, and how far a rollout is.", "trove agent-list")
            .Does(context, async call =>
            {
                // The pages differ in their agents only.
                var document = await call.Api.GetAsync("mgmt/agents?limit=1", call.Stop) as JsonObject ?? [];
                var agents = await call.Api.ListAsync("mgmt/agents", "agents", Page.All, call.Stop);
                document.Remove("links");
                document["agents"] = agents;
                call.Print(document, printer =>
                {
                    printer.Properties(
                        [("release", document.Text("release", "version") ?? "none"), ("rollout", Told(document["rollout"]))]);
                    call.Terminal.Out.WriteLine();
                    printer.Table(Columns, agents);
                });
            });

    private static TroveCommand Begin(CommandContext context)
    {
        var size = Parts.Number("wave-size", "n", "How many at once, after the first one alone; 5 by default.");
        return new TroveCommand(
            "agent-rollout",
            "Brings all agents to the release that the service has: one first, then in waves.",
            "trove agent-rollout --wave-size 10",
            size)
            .Does(context, async call =>
            {
                var how = new JsonObject();
                if (call.Get(size) is { } wave)
                {
                    how["wave_size"] = wave;
                }

                await call.Api.PostAsync(Rollout, new JsonObject { ["rollout"] = how }, call.Stop);
                call.Say("The rollout is accepted; `trove agent-list` shows how far it is.");
            });
    }

    private static TroveCommand Stop(CommandContext context) =>
        new TroveCommand(
            "agent-rollout-stop", "Begins no further wave; what is under way goes on.", "trove agent-rollout-stop")
            .Does(context, async call =>
            {
                await call.Api.DeleteAsync(Rollout, call.Stop);
                call.Say("The rollout is stopped.");
            });

    private static string Told(JsonNode? rollout) => rollout is null
        ? "none"
        : $"{rollout.Text("state")}, wave {rollout.Text("wave")}, to {rollout.Text("version")}"
            + (rollout.Text("detail") is { Length: > 0 } detail ? $": {detail}" : "");
}
