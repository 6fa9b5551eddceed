using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>kill -9 inside instances.</summary>
public sealed class KilledGuestTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private RunningService service = null!;

    public async ValueTask InitializeAsync() => service = await RunningService.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_killed_agent_comes_back_and_finds_its_database_serving()
    {
        using var trove = await service.LogInAsync();
        var (id, host) = await trove.CreateShopAsync("agent-killed", Patience);
        var database = await OnlyProcessAsync(id, "mariadbd");

        Kill(await OnlyProcessAsync(id, "Dbaas.GuestAgent"));

        Assert.Equal("1", await Sql.RunAsync(host, "app", "secret", "SELECT 1"));
        await AwaitHistoryAsync(trove, id, "agent-started", times: 2);
        await trove.AwaitStatusAsync(id, "ACTIVE", Soon);
        Assert.Equal(database, await OnlyProcessAsync(id, "mariadbd"));
        await trove.DoAsync(HttpMethod.Post, $"instances/{id}/databases", new { databases = new[] { new { name = "later" } } });
        await DeleteAsync(trove, id);
    }

    [Fact]
    public async Task A_killed_database_is_restarted_and_the_history_says_so()
    {
        using var trove = await service.LogInAsync();
        var (id, host) = await trove.CreateShopAsync("database-killed", Patience);

        Kill(await OnlyProcessAsync(id, "mariadbd"));

        await AwaitHistoryAsync(trove, id, "database-crashed", times: 1);
        await AwaitHistoryAsync(trove, id, "database-restarted", times: 1);
        await trove.AwaitStatusAsync(id, "ACTIVE", Soon);
        Assert.Equal("1", await Sql.RunAsync(host, "app", "secret", "SELECT 1"));
        await DeleteAsync(trove, id);
    }

    [Fact]
    public async Task A_database_that_hangs_is_seen_in_its_operating_status()
    {
        using var trove = await service.LogInAsync();
        var (id, _) = await trove.CreateShopAsync("hanging", Patience);
        var database = await OnlyProcessAsync(id, "mariadbd");

        Signal(database, "-STOP");
        await Eventually.SeeAsync(
            "the operating status tells", Soon, () => trove.ShowAsync(id),
            instance =>
                (string?)instance["status"] == "ACTIVE" && (string?)instance["operating_status"] is { } health && health != "HEALTHY");
        Signal(database, "-CONT");

        await trove.AwaitStatusAsync(id, "ACTIVE", Soon);
    }

    [Fact]
    public async Task A_slave_that_is_cut_off_is_seen_and_catches_up()
    {
        using var trove = await service.LogInAsync();
        var (master, host) = await trove.CreateShopAsync("whole", Patience);
        var slave = await trove.CreateAsync(new { name = "cut-off", slave_of = master });
        var slaveHost = (await trove.AwaitStatusAsync(slave, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        var inside = $"{await OnlyProcessAsync(slave, "mariadbd")}";
        var link = (await RunAsync("nsenter", "--net", "-t", inside, "ip", "-o", "link", "show", "type", "veth"))
            .Split(' ')[1]
            .Split('@')[0]
            .TrimEnd(':');

        await RunAsync("nsenter", "--net", "-t", inside, "ip", "link", "set", link, "down");
        await Eventually.SeeAsync(
            "the slave is seen as not working", Patience, () => trove.ShowAsync(slave),
            instance => (string?)instance["operating_status"] == "ERROR");
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");
        await RunAsync("nsenter", "--net", "-t", inside, "ip", "link", "set", link, "up");

        await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await Eventually.SeeAsync(
            "the row arrives",
            Patience,
            () => Sql.RunAsync(slaveHost, "app", "secret", "SELECT COUNT(*) FROM shop.t"),
            rows => rows == "1");
        await DeleteAsync(trove, slave, master);
    }

    [Fact]
    public async Task A_used_enrolment_secret_is_refused_and_recorded()
    {
        using var trove = await service.LogInAsync();
        var (id, _) = await trove.CreateShopAsync("enrolled", Patience);
        var bootstrap = JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(service.StatePath, "local", "servers", id, "agent", "bootstrap.json"), TestContext.Current.CancellationToken))!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });

        using var answer = await http.PostAsJsonAsync($"{bootstrap["gateway_urls"]![0]}/v1/enrol", new
        {
            instance_id = id,
            secret = bootstrap["enrolment_secret"]!.GetValue<string>(),
            certificate_request = new CertificateRequest("CN=thief", key, HashAlgorithmName.SHA256).CreateSigningRequestPem(),
            hello = new
            {
                agent_version = "0",
                oldest_protocol = 1,
                newest_protocol = 1,
                capabilities = Array.Empty<string>(),
                machine = new { memory_mb = 1, cpus = 1 },
            },
        }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        await AwaitHistoryAsync(trove, id, "enrolment-refused", times: 1);
    }

    [Fact]
    public async Task A_master_that_dies_while_its_slave_is_built_leaves_a_slave_in_error_that_can_be_deleted()
    {
        using var trove = await service.LogInAsync();
        var (master, host) = await trove.CreateShopAsync("dying-master", Patience);
        var slave = await trove.CreateAsync(new { name = "orphan", slave_of = master });

        // Stopped rather than killed: its server is there, nothing in it answers.
        var stopped = LeftOvers.Processes(master)
            .Select(pid => int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture))
            .ToArray();
        foreach (var pid in stopped)
        {
            Signal(pid, "-STOP");
        }

        var failed = await trove.AwaitStatusAsync(slave, "ERROR", Patience);
        Assert.Contains("dying-master", failed["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
        await trove.AwaitGoneAsync(slave, Patience);
        Assert.Empty(LeftOvers.Of(service, slave));

        foreach (var pid in stopped)
        {
            Signal(pid, "-CONT");
        }

        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        await Eventually.SeeAsync(
            "the master keeps no user for the slave", Patience,
            async () => (await trove.ShowAsync(master))["slaves"], slaves => slaves is null);

        // It may be restarted at this moment: it has no slave any more.
        var root = await Eventually.SeeAsync(
            "root is enabled",
            Patience,
            async () => (await trove.DoAsync(HttpMethod.Post, $"instances/{master}/root"))!["user"]!["password"]!.GetValue<string>(),
            password => password.Length > 0);
        await Eventually.SeeAsync(
            "no replication user on the master", Patience,
            () =>
                Sql.RunAsync(
                    host,
                    "root",
                    root,
                    "SELECT COUNT(*) FROM mysql.user WHERE Repl_slave_priv = 'Y' AND User NOT IN ('root', 'mariadb.sys')"),
            count => count == "0");
        await DeleteAsync(trove, master);
    }

    private async Task DeleteAsync(TroveClient trove, params string[] ids)
    {
        foreach (var id in ids)
        {
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
            await trove.AwaitGoneAsync(id, Patience);
            Assert.Empty(LeftOvers.Of(service, id));
        }
    }

    private static async Task AwaitHistoryAsync(TroveClient trove, string id, string kind, int times) => await Eventually.SeeAsync(
        $"{kind} stands {times} times in the history", Soon,
        async () => (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/history"))!["history"]!.AsArray(),
        (JsonArray history) => history.Count(entry => (string?)entry!["event"] == kind) >= times);

    private static async Task<int> OnlyProcessAsync(string instanceId, string program) => await Eventually.SeeAsync(
        $"one {program} of {instanceId}", Soon,
        () => Task.FromResult(LeftOvers.PidsOf(instanceId, program).FirstOrDefault()),
        pid => pid > 0);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Soon);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static void Kill(int pid) => Signal(pid, "-KILL");

    private static void Signal(int pid, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill") { ArgumentList = { signal, $"{pid}" } })!;
        kill.WaitForExit();
    }
}
