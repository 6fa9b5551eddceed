using System.Text.Json.Nodes;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Who can open backups: a project alone, with a key of its own; the service, over a change of its own key.</summary>
public sealed class BackupKeyTests : IAsyncLifetime
{
    private const string Sum = "SELECT COUNT(*), SUM(id), MAX(s) FROM shop.t";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbk");
    private RunningService service = null!;
    private TroveClient trove = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Objects => Path.Combine(folder.FullName, "objects");

    public async ValueTask InitializeAsync()
    {
        var settings = RunningService.Settings();
        settings["Backups"] = new JsonObject
        {
            ["Folder"] = Objects, ["RecoveryRecipient"] = await NewKeyAsync("operator.key"), ["MegabytesPerSecond"] = 40,
        };
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
    public async Task What_a_project_encrypts_for_itself_comes_back_with_its_private_key_and_with_no_other()
    {
        var (id, host) = await trove.CreateShopAsync("m1", Patience);
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY, s TEXT); INSERT INTO shop.t VALUES (1, 'a')");
        var recipient = await NewKeyAsync("own.key");
        await trove.DoAsync(HttpMethod.Put, "backup_key", new { backup_key = new { recipient } });
        var full = await BackUpAsync(id, "full");
        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t VALUES (2, 'b')");
        var following = await BackUpAsync(id, "following", full);
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);

        var parts = $"{Objects}/{StoredBackups.PlaceOf(Objects, full)}/*-????????";
        await Assert.ThrowsAnyAsync<Exception>(() => Shell.RunAsync(folder.FullName, $"cat {parts} | age -d -i operator.key >/dev/null"));
        await Shell.RunAsync(folder.FullName, $"cat {parts} | age -d -i own.key | zstd -d >/dev/null");

        await NewKeyAsync("other.key");
        var failed = await RestoreAsync("wrong", following, "other.key");
        var fault = (await trove.AwaitStatusAsync(failed, "ERROR", Patience))["fault"]!["message"]!.GetValue<string>();
        Assert.Contains($"does not belong to {recipient}", fault, StringComparison.Ordinal);

        var back = await trove.AwaitAddressAsync(await RestoreAsync("back", following, "own.key"), Patience);
        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
    }

    [Fact]
    public async Task A_backup_from_before_is_restored_after_the_services_key_was_changed_and_the_former_one_removed()
    {
        var (id, host) = await trove.CreateShopAsync("m1", Patience);
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY, s TEXT); INSERT INTO shop.t VALUES (1, 'a')");
        var backup = await BackUpAsync(id, "b");
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        var key = Path.Combine(service.StatePath, "master.key");

        await service.KillAsync();
        await service.RotateKeyAsync();
        Assert.Equal(2, (await File.ReadAllLinesAsync(key, Token)).Length);
        await service.StartAgainAsync();
        await service.AwaitLogAsync("Everything is encrypted under the first key", Patience);
        await service.KillAsync();
        await File.WriteAllLinesAsync(key, (await File.ReadAllLinesAsync(key, Token)).Take(1), Token);
        await service.StartAgainAsync();
        trove.Dispose();
        trove = await service.LogInAsync();

        var restored = await trove.CreateAsync(
            new { name = "back", flavorRef = "7", volume = new { size = 1 }, restorePoint = new { backupRef = backup } });
        Assert.Equal(rows, await Sql.RunAsync(await trove.AwaitAddressAsync(restored, Patience), "app", "secret", Sum));
    }

    private async Task<string> RestoreAsync(string name, string backup, string key) => await trove.CreateAsync(new
    {
        name,
        flavorRef = "7",
        volume = new { size = 1 },
        restorePoint = new { backupRef = backup, private_key = await File.ReadAllTextAsync(Path.Combine(folder.FullName, key)) },
    });

    private async Task<string> BackUpAsync(string instance, string name, string? parent = null)
    {
        var id = await trove.BackUpAsync(new { name, instance, parent_id = parent });
        await trove.AwaitCompletedAsync(id, Patience);
        return id;
    }

    /// <returns>Its public half.</returns>
    private async Task<string> NewKeyAsync(string file) =>
        (await Shell.RunAsync(folder.FullName, $"age-keygen -o {file} 2>&1")).Split(' ')[^1].Trim();
}
