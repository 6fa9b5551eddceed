using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Commands;

/// <summary>Finds the one resource that a user means by an id or a name.</summary>
internal sealed class Finder(TroveClient api, CancellationToken stop)
{
    public Task<JsonNode> InstanceAsync(string idOrName) => ByIdOrNameAsync("instance", "instances", "instance", idOrName);

    public Task<JsonNode> ConfigurationAsync(string idOrName) =>
        ByIdOrNameAsync("configuration group", "configurations", "configuration", idOrName);

    public Task<JsonNode> BackupAsync(string idOrName) => ByIdOrNameAsync("backup", "backups", "backup", idOrName);

    public Task<JsonNode> ScheduleAsync(string idOrName) =>
        ByIdOrNameAsync("schedule", "backup_schedules", "backup_schedule", idOrName);

    public async Task<string> ScheduleIdAsync(string idOrName) => (await ScheduleAsync(idOrName)).Id();

    public async Task<string> BackupIdAsync(string idOrName) => (await BackupAsync(idOrName)).Id();

    public async Task<string> InstanceIdAsync(string idOrName) => (await InstanceAsync(idOrName)).Id();

    public async Task<string> ConfigurationIdAsync(string idOrName) => (await ConfigurationAsync(idOrName)).Id();

    /// <summary>Of any project, for administrators. An id is taken as it is: also that of an instance that is gone.</summary>
    public async Task<string> AnyInstanceIdAsync(string idOrName) => Guid.TryParseExact(idOrName, "D", out _)
        ? idOrName
        : TheOnly("instance", await api.ListAsync("mgmt/instances", "instances", Page.All, stop), idOrName, "mgmt-list").Id();

    /// <summary>Flavor ids are short words of the operator, so an id is told from a name only by looking.</summary>
    public async Task<JsonNode> FlavorAsync(string idOrName)
    {
        var flavors = await api.ListAsync("flavors", "flavors", Page.All, stop);
        return flavors.FirstOrDefault(flavor => (flavor.Text("id") ?? flavor.Text("str_id")) == idOrName)
            ?? TheOnly("flavor", flavors, idOrName, "flavor-list");
    }

    private async Task<JsonNode> ByIdOrNameAsync(string noun, string collection, string key, string idOrName)
    {
        if (Guid.TryParseExact(idOrName, "D", out _))
        {
            try
            {
                var document = await api.GetAsync(Paths.Of(collection, idOrName), stop);
                return document?[key] ?? throw TroveException.Unreadable(collection);
            }
            catch (ApiException e) when (e.Status == 404)
            {
                // Not an id that exists. It may still be somebody's idea of a name.
            }
        }

        var all = await api.ListAsync(collection, collection, Page.All, stop);
        var listing = collection switch
        {
            "instances" => "list",
            "backups" => "backup-list",
            "backup_schedules" => "schedule-list",
            _ => "configuration-list",
        };
        return TheOnly(noun, all, idOrName, listing);
    }

    private static JsonNode TheOnly(string noun, JsonArray all, string name, string listing)
    {
        var found = all.Where(item => item.Text("name") == name).Select(item => item!).ToArray();
        return found.Length switch
        {
            1 => found[0],
            0 => throw new TroveException($"No {noun} with the id or name '{name}' exists. `trove {listing}` shows what there is."),
            _ => throw new TroveException(
                $"'{name}' is the name of {found.Length} {noun}s; use an id: {string.Join(", ", found.Select(item => item.Id()))}"),
        };
    }
}
