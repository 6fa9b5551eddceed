using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Logs;

/// <summary>What is logged by a database, and what is published of it.</summary>
internal static class LogCommands
{
    private static readonly Column[] Columns =
    [
        new("Name", "name"), new("Type", "type"), new("Status", "status"), new("Published", "published"), new("Pending", "pending"),
    ];

    public static IEnumerable<Command> All(CommandContext context) =>
    [
        List(context),
        Act(context, "log-show", "Shows a log: whether it is written, and how many bytes are published and could be."),
        Act(context, "log-enable", "Has a log written from now on, at once and over restarts.", "enable"),
        Act(context, "log-disable", "Has a log not written any more. What it holds can still be published.", "disable"),
        Publish(context),
        Act(context, "log-discard", "Removes what was published of a log.", "discard"),
        .. LogTexts.All(context),
    ];

    private static TroveCommand List(CommandContext context)
    {
        var instance = Parts.Instance();
        return new TroveCommand("log-list", "Lists the logs of an instance.", "trove log-list m1", instance)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var logs = await call.Api.ListAsync(Paths.Of("instances", id, "log"), "logs", Page.All, call.Stop);
                call.Print(logs, printer => printer.Table(Columns, logs));
            });
    }

    private static TroveCommand Act(CommandContext context, string name, string description, params string[] actions)
    {
        var (instance, log) = (Parts.Instance(), Log());
        return new TroveCommand(name, description, $"trove {name} m1 slow_query", instance, log)
            .Does(context, call => ActAsync(call, call.Get(instance), call.Get(log), actions));
    }

    private static TroveCommand Publish(CommandContext context)
    {
        var (instance, log) = (Parts.Instance(), Log());
        var disable = new Option<bool>("--disable") { Description = "Has it not written any more." };
        var discard = new Option<bool>("--discard") { Description = "Removes what was published before." };
        return new TroveCommand(
            "log-publish",
            "Publishes what a log has and what was not published yet. Enables the log.",
            "trove log-publish m1 slow_query",
            instance, log, disable, discard)
            .Does(context, call => ActAsync(
                call, call.Get(instance), call.Get(log),
                [
                    "publish", .. call.Get(disable) ? ["disable"] : Array.Empty<string>(),
                    .. call.Get(discard) ? ["discard"] : Array.Empty<string>(),
                ]));
    }

    private static async Task ActAsync(Call call, string instance, string log, IReadOnlyList<string> actions)
    {
        var id = await call.Find.InstanceIdAsync(instance);
        var body = new JsonObject { ["name"] = log };
        foreach (var action in actions)
        {
            body[action] = 1;
        }

        var answer = await call.Api.PostAsync(Paths.Of("instances", id, "log"), body, "log", call.Stop);
        call.Print(answer, printer => printer.Properties(Columns.Select(column => (column.Header.ToLowerInvariant(), column.Of(answer)))));
    }

    internal static Argument<string> Log() => Parts.Required("log", "The log: general, slow_query or error.");
}
