using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.OpenStack.Tier;

/// <summary>A project with a member and a network of its own, for as long as a test lasts.</summary>
internal sealed class LabProject : IAsyncDisposable
{
    private readonly RawCloud _admin;
    private readonly string _id;
    private readonly string _user;
    private readonly List<string> _made = [];

    private LabProject(RawCloud admin, string id, string user, LabOptions options)
    {
        (_admin, _id, _user, Options) = (admin, id, user, options);
    }

    public LabOptions Options { get; private set; }

    public static async Task<LabProject> MakeAsync()
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
        var subnet = new JsonObject { ["network_id"] = network, ["cidr"] = "10.77.0.0/24", ["ip_version"] = 4, ["enable_dhcp"] = false };
        await own.SendAsync(CloudService.Network, HttpMethod.Post, "v2.0/subnets", new JsonObject { ["subnet"] = subnet });
        made._made.Add("v2.0/networks/" + network);
        made.Options = made.Options with { NetworkId = network };
        return made;
    }

    /// <summary>Sets one of the project's limits.</summary>
    public async Task LimitAsync(CloudService service, string path, string wrapper, string resource, int limit) => await _admin.DoAsync(
        service, HttpMethod.Put, $"{path}/{_id}", new JsonObject { [wrapper] = new JsonObject { [resource] = limit } });

    public async ValueTask DisposeAsync()
    {
        foreach (var path in _made)
        {
            await _admin.DoAsync(CloudService.Network, HttpMethod.Delete, path);
        }

        await _admin.DoAsync(CloudService.Identity, HttpMethod.Delete, "users/" + _user);
        await _admin.DoAsync(CloudService.Identity, HttpMethod.Delete, "projects/" + _id);
        _admin.Dispose();
    }

    private static JsonObject Named(string kind, string name) => new() { [kind] = new JsonObject { ["name"] = name, ["domain_id"] = "default" } };
}
