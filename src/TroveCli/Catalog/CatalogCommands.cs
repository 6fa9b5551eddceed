using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Catalog;

/// <summary>What can be chosen from: flavors, types of volumes, datastores and their versions.</summary>
internal static class CatalogCommands
{
    public static IEnumerable<Command> All(CommandContext context) =>
    [
        FlavorList(context), FlavorShow(context), VolumeTypeList(context),
        DatastoreList(context), DatastoreShow(context),
        VersionList(context), VersionShow(context),
    ];

    private static TroveCommand FlavorList(CommandContext context)
    {
        var datastore = Parts.Text("datastore_type", "datastore", "Only flavors for this datastore; needs --datastore_version_id.");
        var version = Parts.Text("datastore_version_id", "id", "Only flavors for this datastore version.");
        return new TroveCommand("flavor-list", "Lists the flavors.", "trove flavor-list", datastore, version)
            .Does(context, async call =>
            {
                var path = (call.Get(datastore), call.Get(version)) switch
                {
                    (null, null) => "flavors",
                    ({ } type, { } id) => Paths.Of("datastores", type, "versions", id, "flavors"),
                    _ => throw new UsageException("--datastore_type and --datastore_version_id go together."),
                };
                var flavors = await call.Api.ListAsync(path, "flavors", Page.All, call.Stop);
                call.Print(flavors, printer => printer.Table(
                    ["ID", "Name", "RAM", "vCPUs", "Disk", "Ephemeral"],
                    flavors.Select(flavor => (string[])[
                        Id(flavor), flavor.Text("name") ?? "", flavor.Text("ram") ?? "", flavor.Text("vcpus") ?? "",
                        flavor.Text("disk") ?? "", flavor.Text("ephemeral") ?? ""])));
            });
    }

    private static TroveCommand FlavorShow(CommandContext context)
    {
        var name = Parts.Required("flavor", "Id or name of the flavor.");
        return new TroveCommand("flavor-show", "Shows a flavor.", "trove flavor-show 7", name)
            .Does(context, async call =>
            {
                var flavor = await call.Find.FlavorAsync(call.Get(name));
                call.Print(flavor, printer => printer.Properties(
                    Fields(flavor).Where(row => row.Item1 is not ("str_id" or "id")).Append(("id", Id(flavor))).Order()));
            });
    }

    // Trove lists them for a version only, too: what its own client asks for otherwise is not there any more.
    private static TroveCommand VolumeTypeList(CommandContext context)
    {
        var datastore = Parts.Text("datastore_type", "datastore", "Id or name of the datastore.");
        var version = Parts.Text("datastore_version_id", "id", "Id or name of its version.");
        return new TroveCommand(
            "volume-type-list",
            "Lists the types of volumes that instances of a datastore version may have.",
            "trove volume-type-list --datastore_type mariadb --datastore_version_id 10.11",
            datastore,
            version)
            .Does(context, async call =>
            {
                if ((call.Get(datastore), call.Get(version)) is not ({ } type, { } id))
                {
                    throw new UsageException("--datastore_type and --datastore_version_id are needed, both.");
                }

                var types = await call.Api.ListAsync(
                    Paths.Of("datastores", type, "versions", id, "volume-types"), "volume_types", Page.All, call.Stop);
                call.Print(types, printer => printer.Table(
                    ["ID", "Name", "Is Public", "Description"],
                    types.Select(one => (string[])[
                        one.Text("id") ?? "", one.Text("name") ?? "", one.Text("is_public") ?? "", one.Text("description") ?? ""])));
            });
    }

    private static TroveCommand DatastoreList(CommandContext context) =>
        new TroveCommand("datastore-list", "Lists the datastores.", "trove datastore-list")
            .Does(context, async call =>
            {
                var datastores = await call.Api.ListAsync("datastores", "datastores", Page.All, call.Stop);
                call.Print(datastores, printer => PrintNamed(printer, datastores));
            });

    private static TroveCommand DatastoreShow(CommandContext context)
    {
        var name = Parts.Required("datastore", "Id or name of the datastore.");
        return new TroveCommand("datastore-show", "Shows a datastore and its versions.", "trove datastore-show mariadb", name)
            .Does(context, async call =>
            {
                var datastore = await call.Api.GetAsync(Paths.Of("datastores", call.Get(name)), "datastore", call.Stop);
                var versions = datastore.Items("versions").ToList();
                var byDefault = versions.FirstOrDefault(version => version.Text("id") == datastore.Text("default_version"));
                call.Print(datastore, printer => printer.Properties(
                [
                    ("default_version", byDefault.Text("name") ?? datastore.Text("default_version") ?? ""),
                    ("id", datastore.Text("id") ?? ""),
                    ("name", datastore.Text("name") ?? ""),
                    .. versions.Select(version => ("version (id)", $"{version.Text("name")} ({version.Text("id")})")),
                ]));
            });
    }

    private static TroveCommand VersionList(CommandContext context)
    {
        var datastore = Parts.Required("datastore", "Id or name of the datastore.");
        return new TroveCommand(
            "datastore-version-list", "Lists the versions of a datastore.", "trove datastore-version-list mariadb", datastore)
            .Does(context, async call =>
            {
                var versions = await call.Api.ListAsync(
                    Paths.Of("datastores", call.Get(datastore), "versions"), "versions", Page.All, call.Stop);
                call.Print(versions, printer => PrintNamed(printer, versions));
            });
    }

    private static TroveCommand VersionShow(CommandContext context)
    {
        var name = Parts.Required("datastore_version", "Id of the version, or its name with --datastore.");
        var datastore = Parts.Text("datastore", "datastore", "Id or name of the datastore.");
        return new TroveCommand(
            "datastore-version-show",
            "Shows a version of a datastore.",
            "trove datastore-version-show 10.11 --datastore mariadb",
            name,
            datastore)
            .Does(context, async call =>
            {
                var version = call.Get(name);
                if (call.Get(datastore) is null && !Guid.TryParseExact(version, "D", out _))
                {
                    throw new UsageException($"'{version}' is the name of a version; give --datastore too, or the version's id.");
                }

                var path = call.Get(datastore) is { } of
                    ? Paths.Of("datastores", of, "versions", version)
                    : Paths.Of("datastores", "versions", version);
                var document = await call.Api.GetAsync(path, "version", call.Stop);
                call.Print(document, printer => printer.Properties(Fields(document).Order()));
            });
    }

    private static void PrintNamed(Printer printer, JsonArray items) => printer.Table(
        ["ID", "Name"], items.Select(item => (string[])[item.Text("id") ?? "", item.Text("name") ?? ""]));

    private static string Id(JsonNode? flavor) => flavor.Text("id") ?? flavor.Text("str_id") ?? "";

    private static IEnumerable<(string, string)> Fields(JsonNode document) =>
        document.AsObject().Where(field => field.Key != "links").Select(field =>
            (field.Key, field.Value is JsonArray or JsonObject ? JsonText.OneLine(field.Value) : field.Value.Text() ?? ""));
}
