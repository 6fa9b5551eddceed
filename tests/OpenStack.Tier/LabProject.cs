using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using Dbaas.Testing;

namespace Dbaas.OpenStack.Tier;

/// <summary>A project with a member and a network of its own, for as long as a test lasts.</summary>
internal sealed class LabProject : IAsyncDisposable
{
    private readonly RawCloud _admin;
        private readonly string _user;
    private readonly List<string> _made = [];

    private LabProject(RawCloud admin, string id, string user, LabOptions options)
    {
        (_admin, Id, _user, Options) = (admin, id, user, options);
    }

    public string Id { get; }

    public LabOptions Options { get; private set; }

    public static async Task<LabProject> MakeAsync(string subnet = "10.77.0.0/24")
    {
        var admin = Lab.Raw(Lab.Admin());
        var name = "tier-" + Lab.NewDeployment();
        var project = await admin.SendAsync(CloudService.Identity, HttpMethod.Post, "projects", Named("project", name));
        var user = Named("user", name);
        user["user"]!["password"] = Lab.Password;
        user = (JsonObject)await admin.SendAsync(CloudService.Identity, HttpMethod.Post, "users", user);
        var role = (await admin.GetAsync(CloudService.Identity, "roles?name=member"))["roles"]![0]!["id"];
        var (projectId, userId) = (project["project"]!["id"]!.GetValue<string>(), user["user"]!["id"]!.GetValue<string>());
        await admin.DoAsync(CloudService.Identity, HttpMethod.Put, $"projects/{projectId}/users/{userId}/roles/{role}");

        var made = new LabProject(admin, projectId, userId, new LabOptions { User = name, Project = name });
        using var own = Lab.Raw(made.Options);
        var network = (await own.SendAsync(CloudService.Network, HttpMethod.Post, "v2.0/networks", new JsonObject { ["network"] = new JsonObject { ["name"] = "own" } }))["network"]!["id"]!.GetValue<string>();
        var range = new JsonObject { ["network_id"] = network, ["cidr"] = subnet, ["ip_version"] = 4, ["enable_dhcp"] = false };
        await own.SendAsync(CloudService.Network, HttpMethod.Post, "v2.0/subnets", new JsonObject { ["subnet"] = range });
        made._made.Add("v2.0/networks/" + network);
        made.Options = made.Options with { NetworkId = network };
        return made;
    }

    /// <summary>Sets one of the project's limits.</summary>
    public async Task LimitAsync(CloudService service, string path, string wrapper, string resource, int limit) => await _admin.DoAsync(
        service, HttpMethod.Put, $"{path}/{Id}", new JsonObject { [wrapper] = new JsonObject { [resource] = limit } });

    /// <summary>What the project has in any service, but for what its making has brought.</summary>
    public async Task<IReadOnlyList<string>> ContentsAsync() =>
    [
        .. await ThoseOfAsync(CloudService.Compute, "servers/detail?all_tenants=1&project_id=", "servers"),
        .. await ThoseOfAsync(CloudService.Volumes, "volumes/detail?all_tenants=1&project_id=", "volumes"),
        .. await ThoseOfAsync(CloudService.Network, "v2.0/ports?project_id=", "ports"),
        .. await ThoseOfAsync(CloudService.Network, "v2.0/floatingips?project_id=", "floatingips"),
        .. (await ThoseOfAsync(CloudService.Network, "v2.0/security-groups?project_id=", "security-groups")).Where(group => !group.Contains(" default ", StringComparison.Ordinal)),
    ];

    /// <summary>Removes all of that.</summary>
    public async Task EmptyAsync() => await Eventually.SeeAsync("the project is empty", PlaneDriver.Patience, async () =>
    {
        var contents = await ContentsAsync();
        foreach (var thing in contents)
        {
            var (service, path) = thing.Split(' ') switch
            {
                ["servers", var id, ..] => (CloudService.Compute, "servers/" + id),
                ["volumes", var id, ..] => (CloudService.Volumes, "volumes/" + id),
                [var kind, var id, ..] => (CloudService.Network, $"v2.0/{kind}/{id}"),
                _ => throw new InvalidOperationException(thing),
            };
            try
            {
                await _admin.DoAsync(service, HttpMethod.Delete, path);
            }
            catch (CloudException)
            {
                // In use, or gone: the next look says which.
            }
        }

        return contents;
    }, contents => contents.Count == 0);

    public async ValueTask DisposeAsync()
    {
        foreach (var path in _made)
        {
            await _admin.DoAsync(CloudService.Network, HttpMethod.Delete, path);
        }

        await _admin.DoAsync(CloudService.Identity, HttpMethod.Delete, "users/" + _user);
        await _admin.DoAsync(CloudService.Identity, HttpMethod.Delete, "projects/" + Id);
        _admin.Dispose();
    }

    private async Task<IEnumerable<string>> ThoseOfAsync(CloudService service, string path, string plural) =>
        (await _admin.GetAsync(service, path + Id))[plural.Replace('-', '_')]!.AsArray()
            .Select(one => $"{plural} {one!["id"]} {one["name"] ?? one["description"]} {one["status"]}");

    private static JsonObject Named(string kind, string name) => new() { [kind] = new JsonObject { ["name"] = name, ["domain_id"] = "default" } };
}
