using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dbaas.OpenStack.Tier.Identity;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier.Identity;

/// <summary>The classes that share the service: one after the other, since each makes Keystone fail for all.</summary>
[CollectionDefinition(Name)]
public sealed class KeystoneCollection : ICollectionFixture<KeystoneFixture>
{
    public const string Name = "a service whose identity is the lab's Keystone";
}

/// <summary>
/// The service as a process of its own, whose users are those of the lab's Keystone. Account and catalogue are made by the commands of
/// docs/configuration.md. Between the service and Keystone stands a proxy that can make it fail.
/// </summary>
public sealed class KeystoneFixture : IAsyncLifetime
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private RunningService _service = null!;

    internal LabAccounts Accounts { get; } = new();

    internal FaultProxy Proxy { get; private set; } = null!;

    /// <summary>Where the service listens.</summary>
    public Uri Api => new($"http://127.0.0.1:{_service.ApiPort}");

    /// <summary>All that it wrote.</summary>
    public string Log => File.ReadAllText(_service.StatePath + ".log");

    public async ValueTask InitializeAsync()
    {
        Proxy = await FaultProxy.StartAsync(Lab.Admin());
        var operators = new LabUser("", "admin", "", "admin");
        var account = "dbaas-" + Lab.NewDeployment();
        var user = await operators.RunAsync(
            "openstack", "user", "create", "--domain", "Default", "--password", Lab.Password, account, "-f", "value", "-c", "id");
        Accounts.Adopt($"users/{user}");
        await operators.RunAsync("openstack", "role", "add", "--user", account, "--project", "service", "service");

        var settings = RunningService.Settings();
        settings.Remove("Users");
        settings["Identity"] = "Keystone";
        settings["PublicIdentityEndpoint"] = Lab.AuthUrl.AbsoluteUri;
        settings["Keystone"] = new JsonObject
        {
            ["AuthUrl"] = Proxy.AuthUrl.AbsoluteUri, ["UserName"] = account, ["Password"] = Lab.Password, ["ProjectName"] = "service",
        };
        _service = await RunningService.StartAsync(settings);

        var service = await operators.RunAsync(
            "openstack", "service", "create", "--name", account, "--description", "Databases", "database", "-f", "value", "-c", "id");
        Accounts.Adopt($"services/{service}");
        foreach (var kind in (string[])["public", "internal", "admin"])
        {
            await operators.RunAsync(
                "openstack", "endpoint", "create", "--region", "RegionOne", account, kind, $"{Api}v1.0/%(project_id)s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Accounts.DisposeAsync();
        await _service.DisposeAsync();
        await Proxy.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>A request to the API of one project.</summary>
    public async Task<(int Status, JsonNode? Body)> SendAsync(
        HttpMethod method, string project, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Api, $"v1.0/{project}/{path}"));
        if (token is not null)
        {
            request.Headers.Add("X-Auth-Token", token);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var answer = await _http.SendAsync(request, Lab.Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Lab.Cancellation);
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>A request that reads, and its status.</summary>
    internal async Task<int> ReadAsync(LabUser user, string token) =>
        (await SendAsync(HttpMethod.Get, user.ProjectId, "instances", token)).Status;

    /// <summary>A request that writes, and its status.</summary>
    internal async Task<int> ChangeAsync(LabUser user, string token) => (await SendAsync(
        HttpMethod.Post,
        user.ProjectId,
        "configurations",
        token,
        new { configuration = new { name = "g", values = new { max_connections = 50 } } })).Status;
}
