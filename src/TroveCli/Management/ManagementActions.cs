using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Instances;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Management;

/// <summary>What administrators do to one instance of any project.</summary>
internal static class ManagementActions
{
    public static IEnumerable<Command> All(CommandContext context) =>
    [
        Stop(context),
        new Action("mgmt-reboot", "reboot", "reboot", "Restarts the server of an instance.").Command(context),
        new Action("mgmt-migrate", "migrate", "migration", "Moves an instance to another host, in order.")
        {
            Option = Parts.Text("host", "host", "The host to move it to; the cloud chooses by default."), Field = "host",
        }.Command(context),
        new Action("mgmt-rebuild", "rebuild", "rebuild", "Makes the server of an instance anew, with the volume that it has.")
        {
            Option = Parts.Text("image", "id", "The image to make it of; the datastore version's by default."), Field = "image_id",
        }.Command(context),
        new Action("mgmt-evacuate", "evacuate", "evacuation", "Makes the server of an instance anew on another host, when its own is dead.")
        {
            Option = Parts.Text("host", "host", "The host to make it on; the cloud chooses by default."), Field = "host",
        }.Command(context),
        new Action(
            "agent-upgrade", "upgrade_agent", "upgrade of the agent", "Brings an instance's agent to the release that the service has.")
            .Command(context),
        ResetTask(context),
    ];

    private static TroveCommand Stop(CommandContext context)
    {
        var instance = Instance();
        var waiting = new WaitOptions();
        return new TroveCommand(
            "mgmt-stop", "Stops the database of an instance; `trove restart` starts it again.", "trove mgmt-stop m1 --wait",
            instance, waiting.Wait, waiting.Timeout)
            .Does(context, call => ActAsync(
                call, instance, "stop", [], "stop", waiting,
                watch => watch.UntilIdleAsync(seen => seen.Text("operating_status") == "SHUTDOWN")));
    }

    private static TroveCommand ResetTask(CommandContext context)
    {
        var instance = Instance();
        return new TroveCommand(
            "mgmt-reset-task-status", "Makes the operation that holds an instance turn back.", "trove mgmt-reset-task-status m1", instance)
            .Does(context, async call =>
            {
                await PostAsync(call, await call.Find.AnyInstanceIdAsync(call.Get(instance)), "reset-task-status", []);
                call.Say($"What holds {call.Get(instance)} turns back.");
            });
    }

    private static Argument<string> Instance() => Parts.Required("instance", "Id or name of an instance of any project.");

    private static Task<JsonNode?> PostAsync(Call call, string id, string action, JsonObject how) =>
        call.Api.PostAsync(Paths.Of("mgmt", "instances", id, "action"), new JsonObject { [action] = how }, call.Stop);

    private static async Task ActAsync(
        Call call, Argument<string> instance, string action, JsonObject how, string noun, WaitOptions waiting,
        Func<InstanceWatch, Task<JsonNode>> until)
    {
        var name = call.Get(instance);
        var id = await call.Find.AnyInstanceIdAsync(name);
        await PostAsync(call, id, action, how);
        call.Say($"The {noun} of {name} is accepted.");
        if (waiting.Asked(call))
        {
            var watch = new InstanceWatch(call, "mgmt/instances", id, name, waiting.Patience(call));
            var seen = await until(watch);
            call.Print(seen, _ => call.Say(
                $"{name} is {seen.Text("status")}, its database {seen.Text("operating_status")} ({Duration.Text(watch.Elapsed)})."));
        }
    }

    /// <summary>An action after which the database serves, with one word at most.</summary>
    private sealed record Action(string Name, string Word, string Noun, string Description)
    {
        public Option<string?>? Option { get; init; }

        public string Field { get; init; } = "";

        public TroveCommand Command(CommandContext context)
        {
            var instance = Instance();
            var waiting = new WaitOptions();
            Symbol[] parts = [instance, .. Option is null ? Array.Empty<Symbol>() : [Option], waiting.Wait, waiting.Timeout];
            return new TroveCommand(Name, Description, $"trove {Name} m1 --wait", parts).Does(context, call => ActAsync(
                call, instance, Word, How(call), Noun, waiting, watch => watch.UntilReadyAsync(_ => true)));
        }

        private JsonObject How(Call call) => Option is not null && call.Get(Option) is { } value ? new() { [Field] = value } : [];
    }
}
