using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;

namespace Dbaas.OpenStack.Tier.Identity;

/// <summary>Projects and users in the lab's Keystone with names of their own, for as long as they are needed.</summary>
internal sealed class LabAccounts : IAsyncDisposable
{
    private readonly RawCloud _admin = Lab.Raw(Lab.Admin());
    private readonly Stack<string> _made = new();

    /// <summary>A project with a user who has these roles in it.</summary>
    public async Task<LabUser> MakeAsync(params string[] roles)
    {
        var name = "identity-" + Lab.NewDeployment();
        var project = await MakeAsync("projects", "project", new JsonObject { ["name"] = name, ["domain_id"] = "default" });
        var user = await MakeAsync(
            "users", "user", new JsonObject { ["name"] = name, ["domain_id"] = "default", ["password"] = Lab.Password });
        foreach (var role in roles)
        {
            await GrantAsync(HttpMethod.Put, $"projects/{project}", user, role);
        }

        return new LabUser(user, name, project, name);
    }

    /// <summary>Another user of that project.</summary>
    public async Task<LabUser> MakeBesideAsync(LabUser other, params string[] roles)
    {
        var made = await MakeAsync();
        foreach (var role in roles)
        {
            await GrantAsync(HttpMethod.Put, $"projects/{other.ProjectId}", made.Id, role);
        }

        return made with { ProjectId = other.ProjectId, ProjectName = other.ProjectName };
    }

    /// <summary>Lets the user administrate a domain, which is no project.</summary>
    public Task GrantInDomainAsync(LabUser user, string role) => GrantAsync(HttpMethod.Put, "domains/default", user.Id, role);

    public Task TakeAwayAsync(LabUser user, string role) => GrantAsync(HttpMethod.Delete, $"projects/{user.ProjectId}", user.Id, role);

    public Task DisableAsync(LabUser user) => _admin.DoAsync(
        CloudService.Identity, HttpMethod.Patch, $"users/{user.Id}", new JsonObject { ["user"] = new JsonObject { ["enabled"] = false } });

    /// <summary>An application credential; it goes with its user.</summary>
    public static async Task<(string Id, string Secret)> MakeCredentialAsync(LabUser user, JsonObject more)
    {
        // Only the user itself may.
        using var own = Lab.Raw(new LabOptions { User = user.Name, Project = user.ProjectName });
        more["name"] = Lab.NewDeployment();
        var made = (await own.SendAsync(
            CloudService.Identity,
            HttpMethod.Post,
            $"users/{user.Id}/application_credentials",
            new JsonObject { ["application_credential"] = more }))["application_credential"]!;
        return (made["id"]!.GetValue<string>(), made["secret"]!.GetValue<string>());
    }

    /// <summary>It was made by somebody else, and goes with all others.</summary>
    public void Adopt(string path) => _made.Push(path);

    public async ValueTask DisposeAsync()
    {
        while (_made.TryPop(out var path))
        {
            await _admin.DoAsync(CloudService.Identity, HttpMethod.Delete, path);
        }

        _admin.Dispose();
    }

    private async Task<string> MakeAsync(string path, string kind, JsonObject one)
    {
        var made = (await _admin.SendAsync(CloudService.Identity, HttpMethod.Post, path, new JsonObject { [kind] = one }))[kind]!;
        var id = made["id"]!.GetValue<string>();
        _made.Push($"{path}/{id}");
        return id;
    }

    private async Task GrantAsync(HttpMethod method, string where, string user, string role)
    {
        var found = (await _admin.GetAsync(CloudService.Identity, "roles?name=" + role))["roles"]![0]!["id"]!.GetValue<string>();
        await _admin.DoAsync(CloudService.Identity, method, $"{where}/users/{user}/roles/{found}");
    }
}
