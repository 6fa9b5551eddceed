using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Clients.Tier;
using Dbaas.Testing;
using Dbaas.Testing.Services;

[assembly: AssemblyFixture(typeof(ClientFixture))]

namespace Dbaas.Clients.Tier;

/// <summary>One service for all clients, with the users that they log in as.</summary>
public sealed class ClientFixture : IAsyncLifetime
{
    public const string User = "client";
    public const string Administrator = "client-admin";
    public const string Password = "a-password";

    /// <summary>The project of both.</summary>
    public const string Project = "clients";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public RunningService Service { get; private set; } = null!;

    /// <summary>Where Keystone's requests go.</summary>
    public string IdentityUrl => $"http://127.0.0.1:{Service.IdentityPort}/v3";

    /// <summary>The programs that are written for these tests.</summary>
    public static string Programs { get; } = Path.Combine(AppContext.BaseDirectory, "Programs");

    public async ValueTask InitializeAsync()
    {
        var settings = RunningService.Settings();
        settings["Users"] = new JsonArray(Login(User, "member"), Login(Administrator, "admin", "member"));
        settings["Images"] = new JsonObject { ["mysql-image"] = await EngineImages.MySqlAsync() };
        settings["Datastores"] = new JsonArray(
            new JsonObject { ["Name"] = "mariadb", ["Version"] = "10.11", ["IsDefault"] = true },
            new JsonObject { ["Name"] = "mysql", ["Version"] = "9.7", ["Image"] = "mysql-image", ["IsDefault"] = true });

        // They want backups of MySQL that follow on others.
        settings["BinaryLog"] = "always";
        Service = await RunningService.StartAsync(settings);
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    /// <summary>A client of the API, logged in as the user.</summary>
    public Task<TroveClient> LogInAsync() => TroveClient.LogInAsync(IdentityUrl, User, Password, Project);

    /// <summary>Runs a client's program in a folder of its own.</summary>
    /// <returns>What it said, and how it ended.</returns>
    public async Task<(int Exit, string Output)> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in new Dictionary<string, string>(environment)
        {
            ["OS_AUTH_URL"] = IdentityUrl,
            ["OS_IDENTITY_API_VERSION"] = "3",
            ["OS_USERNAME"] = User,
            ["OS_PASSWORD"] = Password,
            ["OS_PROJECT_NAME"] = Project,
            ["OS_USER_DOMAIN_NAME"] = "Default",
            ["OS_PROJECT_DOMAIN_NAME"] = "Default",
            ["OS_REGION_NAME"] = "RegionOne",
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, $"{await output}\n{await error}");
    }

    private static JsonObject Login(string name, params string[] roles) => new()
    {
        ["Name"] = name, ["Password"] = Password, ["Project"] = Project, ["Roles"] = new JsonArray([.. roles.Select(one => (JsonNode)one)]),
    };
}
