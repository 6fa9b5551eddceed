using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Quotas;

internal static class QuotaCommands
{
    public static IEnumerable<Command> All(CommandContext context) => [Limits(context), Show(context), Update(context)];

    private static TroveCommand Limits(CommandContext context) =>
        new TroveCommand("limit-list", "Shows the project's limits: the quotas, and the requests a minute.", "trove limit-list")
            .Does(context, async call =>
            {
                var limits = await call.Api.ListAsync("limits", "limits", Page.All, call.Stop);
                call.Print(limits, printer =>
                {
                    foreach (var absolute in limits.Where(IsAbsolute).OfType<JsonObject>())
                    {
                        printer.Properties(
                            absolute.Where(field => field.Key != "verb").Select(field => (field.Key, field.Value.Text() ?? "")).Order());
                    }

                    call.Terminal.Out.WriteLine();
                    printer.Table(
                        ["Value", "Verb", "Remaining", "Unit"],
                        limits.Where(limit => !IsAbsolute(limit)).Select(limit => (string[])[
                            limit.Text("value") ?? "", limit.Text("verb") ?? "", limit.Text("remaining") ?? "", limit.Text("unit") ?? ""]));
                });
            });

    private static TroveCommand Show(CommandContext context)
    {
        var project = Parts.Maybe("tenant_id", "Id of the project; your own by default.");
        return new TroveCommand("quota-show", "Shows the quotas of a project.", "trove quota-show", project)
            .Does(context, async call =>
            {
                var id = call.Get(project) ?? await call.Api.ProjectAsync(call.Stop);
                var quotas = await call.Api.GetAsync(Paths.Of("mgmt", "quotas", id), "quotas", call.Stop);
                call.Print(quotas, printer => printer.Table(
                    ["Resource", "In Use", "Reserved", "Limit"],
                    quotas.AsArray().Select(quota => (string[])[
                        quota.Text("resource")
                        ?? "", quota.Text("in_use")
                        ?? "", quota.Text("reserved")
                        ?? "", quota.Text("limit")
                        ?? ""])));
            });
    }

    private static TroveCommand Update(CommandContext context)
    {
        var project = Parts.Required("tenant_id", "Id of the project.");
        var resource = Parts.Required("resource", "instances, ram, volumes or backups.");
        var limit = new Argument<int>("limit") { Description = "The new limit; -1 is none." };
        return new TroveCommand(
            "quota-update",
            "Changes a quota of a project. For administrators.",
            "trove quota-update <tenant_id> instances 20",
            project,
            resource,
            limit)
            .Does(context, async call =>
            {
                var path = Paths.Of("mgmt", "quotas", call.Get(project));
                var body = new JsonObject { ["quotas"] = new JsonObject { [call.Get(resource)] = call.Get(limit) } };
                var quotas = (await call.Api.PutAsync(path, body, call.Stop))?["quotas"] as JsonObject
                    ?? throw TroveException.Unreadable("quotas");
                call.Print(quotas, printer => printer.Properties(quotas.Select(field => (field.Key, field.Value.Text() ?? ""))));
            });
    }

    private static bool IsAbsolute(JsonNode? limit) => limit.Text("verb") == "ABSOLUTE";
}
