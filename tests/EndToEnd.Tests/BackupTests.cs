using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Backups of the real service: taken while it serves, restored by it, and by hand.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string Sum = "SELECT COUNT(*), SUM(id), MAX(LENGTH(s)) FROM shop.t";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbb");
    private RunningService service = null!;
    private TroveClient trove = null!;

    private string Objects => Path.Combine(folder.FullName, "objects");

    public async ValueTask InitializeAsync()
    {
        var made = await RunAsync("age-keygen -o recovery.key 2>&1");
        var settings = RunningService.Settings();
        settings["Backups"] = new JsonObject { ["Folder"] = Objects, ["RecoveryRecipient"] = made.Split(' ')[^1].Trim() };
        service = await RunningService.StartAsync(settings);
        trove = await service.LogInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        trove?.Dispose();
        if (service is not null)
        {
            await service.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_lost_instance_comes_back_with_every_row_and_what_was_deleted_leaves_no_object()
    {
        var (id, host) = await InstanceWithRowsAsync();
        var full = await BackUpAsync(id, "full");
        await Sql.RunAsync(host, "app", "secret", "USE shop; INSERT INTO t (s) SELECT REPEAT('y', 200) FROM seq_1_to_5000");
        var following = await BackUpAsync(id, "following", full);
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);

        var restored = await trove.CreateAsync(new
        {
            name = "back",
            flavorRef = "7",
            volume = new { size = 1 },
            restorePoint = new { backupRef = following },
            databases = new[] { new { name = "more" } },
            users = new[] { new { name = "other", password = "new", databases = new[] { new { name = "more" } } } },
        });
        var back = await trove.AwaitAddressAsync(restored, Patience);

        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
        await Sql.RunAsync(back, "app", "secret", "INSERT INTO shop.t (s) VALUES ('after')");
        await Sql.RunAsync(back, "other", "new", "CREATE TABLE more.t (id INT)");
        Assert.Equal(2, Directory.EnumerateDirectories(Objects).Count());

        await trove.DoAsync(HttpMethod.Delete, $"backups/{full}");
        foreach (var backup in new[] { full, following })
        {
            await trove.AwaitBackupGoneAsync(backup, Patience);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Objects));
    }

    [Fact]
    public async Task A_slave_takes_the_backup_and_what_was_committed_before_is_in_it()
    {
        var (id, host) = await InstanceWithRowsAsync();
        var slave = await trove.CreateAsync(new { name = "s1", slaveOf = id });
        await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await Eventually.SeeAsync(
            "the slave says that it keeps up",
            Patience,
            async () => (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/topology"))!.ToJsonString(),
            topology => topology.Contains("lag_seconds", StringComparison.Ordinal));
        await Sql.RunAsync(host, "app", "secret", "USE shop; INSERT INTO t (s) SELECT REPEAT('z', 100) FROM seq_1_to_20000");
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);

        var full = await BackUpAsync(id, "full");
        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t (s) VALUES ('the last one')");
        var more = await Sql.RunAsync(host, "app", "secret", Sum);
        var following = await BackUpAsync(id, "following", full);

        foreach (var (backup, expected) in new[] { (full, rows), (following, more) })
        {
            var shown = (await trove.DoAsync(HttpMethod.Get, $"backups/{backup}"))!["backup"]!;
            Assert.Equal(slave, (string?)shown["taken_on"]);
            Assert.Equal(id, (string?)shown["instance_id"]);
            var restored = await trove.CreateAsync(
                new { name = "back", flavorRef = "7", volume = new { size = 1 }, restorePoint = new { backupRef = backup } });
            Assert.Equal(expected, await Sql.RunAsync(await trove.AwaitAddressAsync(restored, Patience), "app", "secret", Sum));
        }
    }

    /// <summary>As docs/backups.md says it.</summary>
    [Fact]
    public async Task With_the_operators_key_and_Debians_programs_a_chain_is_restored_by_hand()
    {
        var (id, host) = await InstanceWithRowsAsync();
        var full = await BackUpAsync(id, "full");
        await Sql.RunAsync(host, "app", "secret", "DELETE FROM shop.t WHERE id % 2 = 0");
        var following = await BackUpAsync(id, "following", full);
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);

        await RunAsync($"""
            mkdir data changed
            cat {Objects}/{StoredBackups.PlaceOf(Objects, full)}/*-???????? | age -d -i recovery.key | zstd -d | mbstream -x -C data
            mariadb-backup --prepare --target-dir=data
            cat {Objects}/{StoredBackups.PlaceOf(Objects, following)}/*-???????? | age -d -i recovery.key | zstd -d | mbstream -x -C changed
            mariadb-backup --prepare --target-dir=data --incremental-dir=changed
            """);

        Assert.Equal(rows, await ReadAsync());
    }

    [Fact]
    public async Task A_schedule_takes_a_backup_at_its_time_and_a_last_one_comes_before_the_deletion_and_has_every_row()
    {
        var (id, host) = await InstanceWithRowsAsync();
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(65);
        var schedule = (await trove.DoAsync(
            HttpMethod.Post,
            "backup_schedules",
            new
            {
                backup_schedule = new
                {
                    name = "nightly",
                    cron = string.Create(CultureInfo.InvariantCulture, $"{soon.Minute} {soon.Hour} * * *"),
                    instance = id,
                    incremental = true,
                },
            }))!["backup_schedule"]!["id"]!.GetValue<string>();
        var taken = await Eventually.SeeAsync(
            "the schedule has taken a backup",
            Patience,
            async () => (await trove.DoAsync(HttpMethod.Get, $"backups?schedule_id={schedule}"))!["backups"]!.AsArray(),
            backups => backups.Count == 1);
        await trove.AwaitCompletedAsync(taken[0]!["id"]!.GetValue<string>(), Patience);

        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t (s) VALUES ('the last row')");
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}?final_backup=last");
        await trove.AwaitGoneAsync(id, Patience);

        Assert.Empty((await trove.DoAsync(HttpMethod.Get, "backup_schedules"))!["backup_schedules"]!.AsArray());
        var all = (await trove.DoAsync(HttpMethod.Get, "backups"))!["backups"]!.AsArray();
        var last = all.Single(one => (string?)one!["name"] == "last")!["id"]!.GetValue<string>();
        var restored = await trove.CreateAsync(
            new { name = "back", flavorRef = "7", volume = new { size = 1 }, restorePoint = new { backupRef = last } });
        var back = await trove.AwaitAddressAsync(restored, Patience);
        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
    }

    [Fact]
    public async Task A_service_that_is_killed_while_a_backup_is_taken_goes_on_with_it()
    {
        var (id, host) = await InstanceWithRowsAsync();
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        var asked = await trove.BackUpAsync(new { name = "b", instance = id });
        await Eventually.SeeAsync(
            "the data is being written",
            Patience,
            async () => (await trove.DoAsync(HttpMethod.Get, $"backups/{asked}"))!["backup"]!["status"]!.GetValue<string>(),
            state => state is "SAVING" or "COMPLETED");

        await service.KillAsync();
        await service.StartAgainAsync();
        trove.Dispose();
        trove = await service.LogInAsync();
        await trove.AwaitCompletedAsync(asked, Patience);

        var restored = await trove.CreateAsync(
            new { name = "back", flavorRef = "7", volume = new { size = 1 }, restorePoint = new { backupRef = asked } });
        var back = await trove.AwaitAddressAsync(restored, Patience);
        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
        Assert.Equal(3, Directory.EnumerateFiles(Directory.EnumerateDirectories(Objects).Single()).Count());
    }

    /// <summary>A first slave turns the log on, which the backup goes on from; the second does not read the master.</summary>
    [Fact]
    public async Task A_slave_of_an_instance_with_a_backup_gets_its_data_from_that()
    {
        var (id, host) = await InstanceWithRowsAsync();
        await trove.AwaitStatusAsync(await trove.CreateAsync(new { name = "s1", slave_of = id }), "ACTIVE", Patience);
        var full = await BackUpAsync(id, "full");
        await Sql.RunAsync(host, "app", "secret", "USE shop; INSERT INTO t (s) SELECT REPEAT('y', 200) FROM seq_1_to_5000");
        await BackUpAsync(id, "following", full);
        await Sql.RunAsync(host, "app", "secret", "DELETE FROM shop.t WHERE id % 3 = 0");

        var slave = await trove.CreateAsync(new { name = "s2", slave_of = id });
        var slaveHost = await trove.AwaitAddressAsync(slave, Patience);

        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        await Eventually.SeeAsync(
            "the slave has every row", Patience, () => Sql.RunAsync(slaveHost, "app", "secret", Sum), there => there == rows);
        var history = (await trove.DoAsync(HttpMethod.Get, $"instances/{slave}/history"))!.ToJsonString();
        Assert.Contains("The backup following", history, StringComparison.Ordinal);
        Assert.Contains("the master was not read", history, StringComparison.Ordinal);
    }

    private async Task<(string Id, string Host)> InstanceWithRowsAsync()
    {
        var (id, host) = await trove.CreateShopAsync("m1", Patience);
        await Sql.RunAsync(
            host,
            "app",
            "secret",
            """
            CREATE TABLE shop.t (id INT AUTO_INCREMENT PRIMARY KEY, s VARCHAR(300));
            USE shop;
            INSERT INTO t (s) SELECT SHA2(RAND(), 512) FROM seq_1_to_20000;
            """);
        return (id, host);
    }

    private async Task<string> BackUpAsync(string instance, string name, string? parent = null)
    {
        var id = await trove.BackUpAsync(new { name, instance, parent_id = parent });
        await trove.AwaitCompletedAsync(id, Patience);
        return id;
    }

    /// <summary>What a server on the restored folder says.</summary>
    private async Task<string> ReadAsync()
    {
        var (socket, log) = (Path.Combine(folder.FullName, "s"), Path.Combine(folder.FullName, "error.log"));
        using var server = Process.Start(new ProcessStartInfo("mariadbd")
        {
            ArgumentList =
            {
                $"--defaults-file={Path.Combine(folder.FullName, "data", "backup-my.cnf")}",
                $"--datadir={Path.Combine(folder.FullName, "data")}", $"--socket={socket}", "--skip-networking",
                "--user=root", "--skip-grant-tables", $"--log-error={log}",
            },
        })!;
        try
        {
            await Eventually.SeeAsync(
                "the restored server listens or has ended",
                Patience,
                () => Task.FromResult(File.Exists(socket) || server.HasExited),
                over => over);
            Assert.False(server.HasExited, $"The restored server ended; its log: {await File.ReadAllTextAsync(log)}");
            return await Sql.RunLocallyAsync(socket, Sum);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private Task<string> RunAsync(string script) => Shell.RunAsync(folder.FullName, script);
}
