using System.Net.Http.Json;
using Dbaas.Identity.BuiltIn;
using Dbaas.Keystone;
using Dbaas.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.Cloud.Tests.Objects;

/// <summary>What speaks as Keystone does, and knows a Swift and who uses it: our own built-in identity.</summary>
public sealed class TestKeystone : IAsyncDisposable
{
    private const string User = "backups";
    private readonly WebApplication app;

    private TestKeystone(WebApplication app) => this.app = app;

    public Uri Address => new($"{app.Urls.First()}/v3");

    /// <summary>The id of the user's project.</summary>
    public static string ProjectId => "p1";

    public static async Task<TestKeystone> StartAsync()
    {
        // Its own address is in what it answers.
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls(address);
        builder.Logging.ClearProviders();
        builder.Services.AddBuiltInIdentity(new BuiltInIdentityOptions
        {
            TokenKey = new byte[32],
            DatabaseEndpoint = "http://127.0.0.1/v1.0/%(project)s",
            IdentityEndpoint = $"{address}/v3",
            Projects = [new(ProjectId, User), new("p2", SwiftServer.Service)],
            Users =
            [
                new("u1", User, "s3cret", new Dictionary<string, IReadOnlyList<string>> { [ProjectId] = ["member"] }),
                new("u2", SwiftServer.Service, SwiftServer.Service, new Dictionary<string, IReadOnlyList<string>> { ["p2"] = ["admin"] }),
            ],
        });
        var app = builder.Build();
        app.MapBuiltInIdentity();
        await app.StartAsync();
        return new TestKeystone(app);
    }

    /// <summary>The user's account.</summary>
    public KeystoneAccount Account(string password = "s3cret") => new()
    {
        AuthUrl = Address, UserName = User, Password = password, ProjectName = User,
    };

    /// <summary>A token of the user's.</summary>
    public async Task<string> TokenAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(
            new Uri($"{Address}/auth/tokens"),
            JsonContent.Create(new
            {
                auth = new
                {
                    identity = new
                    {
                        methods = new[] { "password" },
                        password = new { user = new { name = User, password = "s3cret", domain = new { id = "default" } } },
                    },
                    scope = new { project = new { id = ProjectId } },
                },
            }));
        return answer.EnsureSuccessStatusCode().Headers.GetValues("X-Subject-Token").Single();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
