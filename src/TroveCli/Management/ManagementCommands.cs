using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Instances;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Management;

/// <summary>What administrators see of the instances of all projects.</summary>
internal static class ManagementCommands
{
    private static readonly Column[] Columns =
    [
        new("ID", "id"),
        new("Name", "name"),
        InstanceColumns.Project,
        new("Status", "status"),
        new("Server", "server", "status"),
        new("Host", "server", "host"),
        new("Task", "task_description"),
    ];

    public static IEnumerable<Command> All(CommandContext context) =>
    [
        List(context), Show(context), Root(context),
        Ask(context, "mgmt-hwinfo", "hwinfo", "Shows memory and processors of an instance's server, as its agent sees them."),
        Ask(context, "mgmt-diagnostics", "diagnostics", "Shows the release, threads and memory of an instance's agent."),
        Ping(context),
    ];

    private static TroveCommand List(CommandContext context)
    {
        var paging = new Paging();
        var project = Parts.Text("project-id", "id", "Only those of this project.");
        var deleted = Parts.Flag("deleted", "Those that are gone.");
        return new TroveCommand(
            "mgmt-list",
            "Lists the instances of all projects, with server and task. For administrators, as all of mgmt-….",
            "trove mgmt-list --project-id 8c6976e5b5410415bde908bd4dee15df",
            paging.Limit, paging.Marker, project, deleted)
            .Does(context, async call =>
            {
                string[] filter =
                [
                    .. call.Get(project) is { } id ? [$"project_id={Uri.EscapeDataString(id)}"] : Array.Empty<string>(),
                    .. call.Get(deleted) ? ["deleted=true"] : Array.Empty<string>(),
                ];
                var page = paging.Of(call) with { Filter = filter.Length > 0 ? string.Join('&', filter) : null };
                var instances = await call.Api.ListAsync("mgmt/instances", "instances", page, call.Stop);
                call.Print(instances, printer => printer.Table(Columns, instances));
            });
    }

    private static TroveCommand Show(CommandContext context)
    {
        var instance = Instance();
        return new TroveCommand(
            "mgmt-show", "Shows an instance of any project, also one that is gone, with its server.", "trove mgmt-show m1", instance)
            .Does(context, async call =>
            {
                var document = await call.Api.GetAsync(await PathAsync(call, instance), "instance", call.Stop);
                call.Print(document, printer => printer.Properties(InstanceProperties.All(document)));
            });
    }

    private static TroveCommand Root(CommandContext context)
    {
        var instance = Instance();
        return new TroveCommand("mgmt-root", "Says when root was last enabled, and by whom.", "trove mgmt-root m1", instance)
            .Does(context, async call => Print(
                call, await call.Api.GetAsync(await PathAsync(call, instance, "root"), "root_history", call.Stop)));
    }

    private static TroveCommand Ask(CommandContext context, string name, string what, string description)
    {
        var instance = Instance();
        return new TroveCommand(name, description, $"trove {name} m1", instance)
            .Does(context, async call => Print(call, await call.Api.GetAsync(await PathAsync(call, instance, what), what, call.Stop)));
    }

    private static TroveCommand Ping(CommandContext context)
    {
        var instance = Instance();
        return new TroveCommand("mgmt-rpc-ping", "Asks whether an instance's agent answers.", "trove mgmt-rpc-ping m1", instance)
            .Does(context, async call =>
            {
                await call.Api.GetAsync(await PathAsync(call, instance, "rpc_ping"), call.Stop);
                call.Say($"The agent of {call.Get(instance)} answers.");
            });
    }

    private static Argument<string> Instance() => Parts.Required("instance", "Id or name of an instance of any project.");

    private static async Task<string> PathAsync(Call call, Argument<string> instance, params string[] below) =>
        Paths.Of(["mgmt", "instances", await call.Find.AnyInstanceIdAsync(call.Get(instance)), .. below]);

    private static void Print(Call call, JsonNode document) => call.Print(
        document, printer => printer.Properties(document.AsObject().Select(field => (field.Key, field.Value.Text() ?? ""))));
}
