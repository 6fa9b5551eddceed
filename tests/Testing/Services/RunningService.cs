using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Dbaas.Testing.Services;

/// <summary>The whole service as a real process, with a state folder and ports of its own. Disposing of it removes everything.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private readonly string config;
    private readonly UnprivilegedUser? user;
    private readonly string agent;
    private Process? process;

    private RunningService(JsonObject settings, UnprivilegedUser? user, string? statePath, string? agent)
    {
        this.user = user;
        this.agent = agent ?? user?.Agent ?? AgentProgram.Path;

        // A short path: sockets of databases lie below it.
        StatePath = statePath ?? Directory.CreateTempSubdirectory("dbt").FullName;
        ApiPort = FreePort.Find();
        IdentityPort = FreePort.Find();
        config = StatePath + ".json";
        File.WriteAllText(config, settings.ToJsonString());
        user?.Own(StatePath);
    }

    /// <summary>The state folder.</summary>
    public string StatePath { get; }

    /// <summary>The database API's port.</summary>
    public int ApiPort { get; }

    /// <summary>The identity's port.</summary>
    public int IdentityPort { get; }

    /// <summary>The service's process id.</summary>
    public int Pid => process!.Id;

    /// <summary>Two users of different projects and an administrator, no rate limit, quick reports.</summary>
    public static JsonObject Settings() => new()
    {
        ["RateLimitPerMinute"] = 0,
        ["ReportSeconds"] = 1,
        ["SilentSeconds"] = 15,
        ["LeaseSeconds"] = 10,
        // The administrator first: openrc logs in as the first who is none.
        ["Users"] = new JsonArray(User("root", "ops", "admin", "member"), User("alice", "one", "member"), User("bob", "two", "member")),
        ["Quotas"] = new JsonObject { ["instances"] = 50, ["volumes"] = 200 },
    };

    /// <summary>Starts a service and waits until it answers.</summary>
    /// <param name="settings">Its configuration; null: <see cref="Settings"/>.</param>
    /// <param name="user">Who runs it; null: whoever runs the tests.</param>
    /// <param name="statePath">An empty folder; null: a new one.</param>
    /// <param name="agent">The program that its servers start; null: the published agent.</param>
    public static async Task<RunningService> StartAsync(
        JsonObject? settings = null, UnprivilegedUser? user = null, string? statePath = null, string? agent = null)
    {
        var service = new RunningService(settings ?? Settings(), user, statePath, agent);
        await service.StartAgainAsync();
        return service;
    }

    /// <summary>A client of the API, logged in.</summary>
    public Task<TroveClient> LogInAsync(string user = "alice") =>
        TroveClient.LogInAsync($"http://127.0.0.1:{IdentityPort}/v3", user, PasswordOf(user), ProjectOf(user));

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Starts the service on the state that is there.</summary>
    public async Task StartAgainAsync()
    {
        var start = Program(
            "serve", "--state", StatePath, "--agent", agent, "--config", config,
            "--api-port", $"{ApiPort}", "--identity-port", $"{IdentityPort}");
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var log = TextWriter.Synchronized(new StreamWriter(StatePath + ".log", append: true) { AutoFlush = true });
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => log.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => log.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var http = new HttpClient();
        await Eventually.HoldsAsync("the API answers", StartPatience, async () =>
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The service ended with {process.ExitCode}; its log is {StatePath}.log");
            }

            return (await http.GetAsync($"http://127.0.0.1:{ApiPort}/")).IsSuccessStatusCode;
        });
    }

    /// <summary>A new key for secrets at rest, while the service is down.</summary>
    public async Task RotateKeyAsync()
    {
        using var rotation = Process.Start(Program("rotate-key", "--state", StatePath))!;
        await rotation.WaitForExitAsync();
        if (rotation.ExitCode != 0)
        {
            throw new InvalidOperationException($"rotate-key ended with {rotation.ExitCode}.");
        }
    }

    /// <summary>Waits until its log says something.</summary>
    public Task AwaitLogAsync(string words, TimeSpan within) => Eventually.HoldsAsync(
        $"the log says '{words}'",
        within,
        async () =>
        {
            await using var log = new FileStream(StatePath + ".log", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return (await new StreamReader(log).ReadToEndAsync()).Contains(words, StringComparison.Ordinal);
        });

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await KillAsync();
        }

        using var purge = Process.Start(Program("purge", "--state", StatePath))!;
        await purge.WaitForExitAsync();
        File.Delete(config);
        if (purge.ExitCode != 0)
        {
            throw new InvalidOperationException($"Removing everything failed with {purge.ExitCode}; the service's log is {StatePath}.log");
        }

        File.Delete(StatePath + ".log");
    }

    private ProcessStartInfo Program(params string[] arguments) =>
        user?.Run(user.Standalone, arguments) ?? new ProcessStartInfo(Repository.Standalone, arguments);

    private static JsonObject User(string name, string project, params string[] roles) => new()
    {
        ["Name"] = name,
        ["Password"] = PasswordOf(name),
        ["Project"] = project,
        ["Roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]),
    };

    private static string PasswordOf(string user) => $"pass'word of {user}";

    private static string ProjectOf(string user) => user switch { "alice" => "one", "bob" => "two", _ => "ops" };
}
