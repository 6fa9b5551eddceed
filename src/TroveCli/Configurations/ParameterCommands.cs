using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Configurations;

internal static class ParameterCommands
{
    public static IEnumerable<Command> All(CommandContext context) => [List(context), Show(context)];

    private static TroveCommand List(CommandContext context)
    {
        var version = Version();
        var datastore = Datastore();
        return new TroveCommand(
            "configuration-parameter-list", "Lists the parameters that a configuration group may set.",
            "trove configuration-parameter-list 10.11 --datastore mariadb", version, datastore)
            .Does(context, async call =>
            {
                var path = PathOf(call.Get(version), call.Get(datastore));
                var parameters = await call.Api.ListAsync(path, "configuration-parameters", Page.All, call.Stop);
                call.Print(parameters, printer => printer.Table(
                    ["Name", "Type", "Min Size", "Max Size", "Restart Required"],
                    parameters.Select(parameter => (string[])[
                        parameter.Text("name") ?? "", parameter.Text("type") ?? "", parameter.Text("min") ?? "-",
                        parameter.Text("max") ?? "-", parameter.Text("restart_required") ?? ""])));
            });
    }

    private static TroveCommand Show(CommandContext context)
    {
        var version = Version();
        var name = Parts.Required("parameter", "Name of the parameter.");
        var datastore = Datastore();
        return new TroveCommand(
            "configuration-parameter-show", "Shows a parameter that a configuration group may set.",
            "trove configuration-parameter-show 10.11 max_connections --datastore mariadb", version, name, datastore)
            .Does(context, async call =>
            {
                var path = PathOf(call.Get(version), call.Get(datastore), call.Get(name));
                var parameter = await call.Api.GetAsync(path, call.Stop) as JsonObject ?? throw TroveException.Unreadable("the parameter");
                call.Print(parameter, printer => printer.Properties(
                    parameter.Select(field => (field.Key, field.Value.Text() ?? "")).OrderBy(row => row.Key, StringComparer.Ordinal)));
            });
    }

    private static Argument<string> Version() =>
        Parts.Required("datastore_version", "Id of the datastore version, or its name with --datastore.");

    private static Option<string?> Datastore() => Parts.Text("datastore", "datastore", "Id or name of the datastore.");

    private static string PathOf(string version, string? datastore, params string[] below)
    {
        if (datastore is null && !Guid.TryParseExact(version, "D", out _))
        {
            throw new UsageException($"'{version}' is the name of a version; give --datastore too, or the version's id.");
        }

        return datastore is null
            ? Paths.Of(["datastores", "versions", version, "parameters", .. below])
            : Paths.Of(["datastores", datastore, "versions", version, "parameters", .. below]);
    }
}
