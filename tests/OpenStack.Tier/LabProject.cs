using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using Dbaas.Testing;

namespace Dbaas.OpenStack.Tier;

/// <summary>A project with a member and a network of its own, for as long as a test lasts.</summary>
internal sealed class LabProject : IAsyncDisposable
{
    private static readonly (string Name, CloudService Service, string? Version, string Listing, string Deletion)[] Kinds =
    [
        ("servers", CloudService.Compute, "2.67", "servers/detail?all_tenants=1", "servers/"),
        ("server_groups", CloudService.Compute, "2.67", "os-server-groups?all_projects=true", "os-server-groups/"),
        ("volumes", CloudService.Volumes, null, "volumes/detail?all_tenants=1", "volumes/"),
        ("ports", CloudService.Network, null, "v2.0/ports", "v2.0/ports/"),
        ("floatingips", CloudService.Network, null, "v2.0/floatingips", "v2.0/floatingips/"),
        ("security_groups", CloudService.Network, null, "v2.0/security-groups", "v2.0/security-groups/"),
    ];

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
        var made = new LabProject(
            admin,
            project["project"]!["id"]!.GetValue<string>(),
            user["user"]!["id"]!.GetValue<string>(),
            new LabOptions { User = name, Project = name });
        await made.GrantAsync("member");
        made.Options = made.Options with { NetworkId = await made.AddNetworkAsync("own", subnet) };
        return made;
    }

    /// <summary>Gives its account a role.</summary>
    public async Task GrantAsync(string name)
    {
        var role = (await _admin.GetAsync(CloudService.Identity, "roles?name=" + name))["roles"]![0]!["id"];
        await _admin.DoAsync(CloudService.Identity, HttpMethod.Put, $"projects/{Id}/users/{_user}/roles/{role}");
    }

    /// <summary>Another network of the project's own, made by its member.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> AddNetworkAsync(string name, string subnet)
    {
        using var own = Lab.Raw(Options);
        var made = await own.SendAsync(
            CloudService.Network, HttpMethod.Post, "v2.0/networks", new JsonObject { ["network"] = new JsonObject { ["name"] = name } });
        var id = made["network"]!["id"]!.GetValue<string>();
        var range = new JsonObject { ["network_id"] = id, ["cidr"] = subnet, ["ip_version"] = 4, ["enable_dhcp"] = false };
        await own.SendAsync(CloudService.Network, HttpMethod.Post, "v2.0/subnets", new JsonObject { ["subnet"] = range });
        _made.Add("v2.0/networks/" + id);
        return id;
    }

    /// <summary>Sets one of the project's limits.</summary>
    public async Task LimitAsync(CloudService service, string path, string wrapper, string resource, int limit) => await _admin.DoAsync(
        service, HttpMethod.Put, $"{path}/{Id}", new JsonObject { [wrapper] = new JsonObject { [resource] = limit } });

    /// <summary>What the project has in any service, each as kind, id, name and state; but for what its making has brought.</summary>
    public async Task<IReadOnlyList<string>> ContentsAsync()
    {
        var contents = new List<string>();
        foreach (var kind in Kinds)
        {
            var all = (await _admin.GetAsync(kind.Service, kind.Listing, kind.Version))[kind.Name]!.AsArray();
            contents.AddRange(
                all.Where(one => one!.ToJsonString().Contains(Id, StringComparison.Ordinal) && one["name"]?.GetValue<string>() != "default")
                .Select(one => $"{kind.Name} {one!["id"]} {one["name"] ?? one["description"]} {one["status"]}"));
        }

        return contents;
    }

    /// <summary>Removes all of that.</summary>
    public async Task EmptyAsync() => await Eventually.SeeAsync(
        "the project is empty",
        PlaneDriver.Patience,
        async () =>
        {
            var contents = await ContentsAsync();
            foreach (var thing in contents.Select(one => one.Split(' ')))
            {
                var kind = Kinds.Single(one => one.Name == thing[0]);
                try
                {
                    await _admin.DoAsync(kind.Service, HttpMethod.Delete, kind.Deletion + thing[1]);
                }
                catch (CloudException)
                {
                    // In use, or gone: the next look says which.
                }
            }

            return contents;
        },
        contents => contents.Count == 0);

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

    private static JsonObject Named(string kind, string name) =>
        new() { [kind] = new JsonObject { ["name"] = name, ["domain_id"] = "default" } };
}
