using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Backups that a Trove took, in its own store: made known by an administrator, restored by their project.</summary>
public sealed class TroveBackupTests : IAsyncLifetime
{
    private const string Sum = "SELECT COUNT(*), SUM(id), MAX(LENGTH(s)) FROM shop.t";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbb");
    private TroveStore store = null!;
    private RunningService service = null!;
    private TroveClient trove = null!;
    private TroveClient administrator = null!;

    public async ValueTask InitializeAsync()
    {
        store = await TroveStore.StartAsync();
        var settings = RunningService.Settings();
        settings["Backups"] = new JsonObject { ["Trove"] = store.Setting };
        service = await RunningService.StartAsync(settings);
        trove = await service.LogInAsync();
        administrator = await service.LogInAsync("root");
    }

    public async ValueTask DisposeAsync()
    {
        trove?.Dispose();
        administrator?.Dispose();
        await (service?.DisposeAsync() ?? default);
        await (store?.DisposeAsync() ?? default);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_full_one_and_one_that_follows_are_restored_with_every_row_and_without_troves_own_logins()
    {
        var (id, host) = await trove.CreateShopAsync("m1", Patience);
        await Sql.RunAsync(
            host,
            "app",
            "secret",
            """
            CREATE TABLE shop.t (id INT AUTO_INCREMENT PRIMARY KEY, s VARCHAR(300));
            USE shop;
            INSERT INTO t (s) SELECT SHA2(RAND(), 512) FROM seq_1_to_100000;
            """);
        await AsRootAsync(id, "CREATE USER os_admin@'%' IDENTIFIED BY 'known'; GRANT ALL ON *.* TO os_admin@'%'; "
            + "CREATE USER root@'%' IDENTIFIED BY 'known too'; GRANT ALL ON *.* TO root@'%'");
        var (fullAt, fullLsn) = await TakeAsync(id, "full");
        await Sql.RunAsync(host, "app", "secret", "USE shop; DELETE FROM t WHERE id % 3 = 0; INSERT INTO t (s) VALUES (REPEAT('y', 300))");
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        var (followingAt, _) = await TakeAsync(id, "following", fullAt, fullLsn);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
        var (project, version) = await OurWordsAsync();

        await RegisterByClientAsync(fullAt, version);
        var early = await RegisterAsync("early", followingAt, version, project);
        Assert.Contains($"follows on the backup at {fullAt}: register that one first", await FaultAsync(early), StringComparison.Ordinal);
        var full = await RegisterAsync("full", fullAt, version, project);
        await trove.AwaitCompletedAsync(full, Patience);
        var following = await RegisterAsync("following", followingAt, version, project);
        await trove.AwaitCompletedAsync(following, Patience);

        var shown = (await trove.DoAsync(HttpMethod.Get, $"backups/{following}"))!["backup"]!;
        Assert.Equal((followingAt, full, null), ((string?)shown["locationRef"], (string?)shown["parent_id"], shown["instance_id"]));
        await trove.DoAsync(HttpMethod.Post, $"backups/{following}/action", new { verify = new { } });
        shown = await Eventually.SeeAsync(
            "it is verified",
            Patience,
            async () => (await trove.DoAsync(HttpMethod.Get, $"backups/{following}"))!["backup"]!,
            one => one["verified"] is not null);
        Assert.True(((string?)shown["verified"], (int?)shown["verified_rows"]) == ("ok", 66_668), $"{shown}");

        var back = await RestoreAsync(following, Patience);
        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
        await Sql.RunAsync(back, "app", "secret", "INSERT INTO shop.t (s) VALUES ('after')");
        foreach (var (user, password) in new[] { ("os_admin", "known"), ("root", "known too") })
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => Sql.RunAsync(back, user, password, "SELECT 1"));
            Assert.Contains("Access denied", refused.Message, StringComparison.Ordinal);
        }

        await trove.DoAsync(HttpMethod.Delete, $"backups/{early}");
        await trove.DoAsync(HttpMethod.Delete, $"backups/{full}");
        foreach (var backup in new[] { early, full, following })
        {
            await trove.AwaitBackupGoneAsync(backup, Patience);
        }

        Assert.True(await store.HasAsync(fullAt) && await store.HasAsync(followingAt), "What Trove wrote stays where it is.");
    }

    [Fact]
    public async Task What_is_not_what_trove_wrote_is_never_an_instance()
    {
        var (id, host) = await trove.CreateShopAsync("m1", Patience);
        await Sql.RunAsync(
            host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY, s TEXT); USE shop; "
            + "INSERT INTO t SELECT seq, SHA2(RAND(), 512) FROM seq_1_to_100000");
        var (at, lsn) = await TakeAsync(id, "full");
        var (project, version) = await OurWordsAsync();
        var liar = await store.WriteAsync("liar", Path.Combine(folder.FullName, "full.gz"), $"{long.Parse(lsn) + 1}");
        var lied = await RegisterAsync("lied", liar, version, project);
        var altered = await RegisterAsync("altered", at, version, project);
        await trove.AwaitCompletedAsync(lied, Patience);
        await trove.AwaitCompletedAsync(altered, Patience);
        await store.AlterAsync("full");

        foreach (var (backup, words) in new[] { (lied, "it is not the one that Trove took"), (altered, "cannot be read: The store says") })
        {
            var fault = await Assert.ThrowsAnyAsync<Exception>(() => RestoreAsync(backup, TimeSpan.FromMinutes(2)));
            Assert.True(fault.Message.Contains(words, StringComparison.Ordinal), fault.Message);
        }
    }

    /// <summary>As the guest of a Trove does: the tool's stream through gzip.</summary>
    /// <returns>Where it is, and what it reached.</returns>
    private async Task<(string Location, string Lsn)> TakeAsync(
        string instance, string name, string? parent = null, string? parentLsn = null)
    {
        var since = parentLsn is null ? "" : $"--incremental-lsn={parentLsn}";
        var lsn = await Shell.RunAsync(
            folder.FullName,
            $"""
            mkdir {name}
            mariadb-backup --defaults-file={OptionFile(instance)} --backup --stream=xbstream --user=root {since} --target-dir={name} \
              --extra-lsndir={name} --socket=$(sed -n 's/^socket *= *//p' {OptionFile(instance)}) 2>{name}/log | gzip >{name}.gz
            sed -n 's/^to_lsn = //p' {name}/*checkpoints
            """);
        return (await store.WriteAsync(name, Path.Combine(folder.FullName, $"{name}.gz"), lsn.Trim(), parent), lsn.Trim());
    }

    private Task<string> AsRootAsync(string instance, string statement) => Shell.RunAsync(
        folder.FullName,
        $"mariadb --socket=$(sed -n 's/^socket *= *//p' {OptionFile(instance)}) -e \"{statement}\"");

    private static string OptionFile(string id) =>
        Directory.EnumerateDirectories("/run/dbaas").Select(one => Path.Combine(one, id, "etc", "server.cnf")).Single(File.Exists);

    private async Task<(string Project, string Version)> OurWordsAsync()
    {
        var versions = (await trove.DoAsync(HttpMethod.Get, "datastores/mariadb/versions"))!["versions"]!.AsArray();
        return (trove.ProjectId, (string)versions[0]!["id"]!);
    }

    private async Task<string> RegisterAsync(string name, string location, string version, string project)
    {
        var backup = new
        {
            name, project_id = project, restore_from = new { remote_location = location, local_datastore_version_id = version, size = 0.5 },
        };
        return (string)(await administrator.DoAsync(HttpMethod.Post, "backups", new { backup }))!["backup"]!["id"]!;
    }

    /// <summary>By Debian's client, for the administrator's own project.</summary>
    private async Task RegisterByClientAsync(string location, string version)
    {
        var shown = await Shell.RunAsync(
            folder.FullName,
            $"""
            export OS_AUTH_URL=http://127.0.0.1:{service.IdentityPort}/v3 OS_IDENTITY_API_VERSION=3 OS_USERNAME=root \
              OS_PASSWORD="pass'word of root" OS_PROJECT_NAME=ops OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
            openstack database backup create by-client --restore-from {location} --restore-datastore-version {version} \
              --restore-size 0.5 -f json
            """);
        var backup = (string)JsonNode.Parse(shown)!["id"]!;
        await administrator.AwaitCompletedAsync(backup, Patience);
        await administrator.DoAsync(HttpMethod.Delete, $"backups/{backup}");
    }

    private async Task<string> FaultAsync(string backup)
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => trove.AwaitCompletedAsync(backup, Patience));
        return failed.Message;
    }

    private async Task<string> RestoreAsync(string backup, TimeSpan within) => await trove.AwaitAddressAsync(
        await trove.CreateAsync(
            new { name = "back", flavorRef = "7", volume = new { size = 1 }, restorePoint = new { backupRef = backup } }),
        within);
}
