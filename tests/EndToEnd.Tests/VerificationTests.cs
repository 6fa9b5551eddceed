using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Backups of the real service are verified: by request and by schedule, good ones and bad ones, and nothing stays.</summary>
public sealed class VerificationTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbv");
    private RunningService service = null!;
    private TroveClient trove = null!;
    private TroveClient admin = null!;

    private string Objects => Path.Combine(folder.FullName, "objects");

    public async ValueTask InitializeAsync()
    {
        var settings = RunningService.Settings();
        settings["Backups"] = new JsonObject { ["Folder"] = Objects };
        service = await RunningService.StartAsync(settings);
        trove = await service.LogInAsync();
        admin = await service.LogInAsync("root");
    }

    public async ValueTask DisposeAsync()
    {
        trove?.Dispose();
        admin?.Dispose();
        if (service is not null)
        {
            await service.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_good_backup_passes_a_bad_one_and_one_that_was_altered_do_not_and_nothing_is_left()
    {
        var (id, host) = await trove.CreateShopAsync("m1", Patience);
        await Sql.RunAsync(
            host,
            "app",
            "secret",
            """
            USE shop;
            CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, s VARCHAR(300));
            CREATE TABLE loose (id INT, s VARCHAR(300)) ENGINE = MyISAM;
            INSERT INTO t (s) SELECT SHA2(RAND(), 512) FROM seq_1_to_20000;
            INSERT INTO loose SELECT seq, REPEAT('x', seq % 200) FROM seq_1_to_1000;
            """);
        var good = await BackUpAsync(id, "good");

        var passed = await VerifyAsync(good);

        Assert.Equal("ok", passed["verified"]!.GetValue<string>());
        Assert.Equal((2, 21000), ((int)passed["verified_tables"]!, (int)passed["verified_rows"]!));
        var tables = (await trove.DoAsync(HttpMethod.Get, $"backups/{good}/verification"))!["verification"]!["tables"]!.AsArray();
        Assert.Equal(["`shop`.`loose`", "`shop`.`t`"], tables.Select(table => table!["name"]!.GetValue<string>()));
        Assert.Equal(await SumAsync(host), tables.Select(table => table!["checksum"]!.GetValue<string>()));
        Assert.Contains("backup-verified", (await HistoryAsync(id)), StringComparison.Ordinal);

        // What no tool looks into while it copies.
        Scribble(Directory.EnumerateFiles("/run/dbaas", "loose.MYD", SearchOption.AllDirectories).Single(path => path.Contains(id)));
        var bad = await VerifyAsync(await BackUpAsync(id, "bad"));
        Assert.Equal("failed", bad["verified"]!.GetValue<string>());
        Assert.StartsWith("`shop`.`loose`: ", bad["verified_fault"]!.GetValue<string>(), StringComparison.Ordinal);

        Scribble(Directory.EnumerateFiles(Path.Combine(Objects, StoredBackups.PlaceOf(Objects, good)), "*-00000000").Single());
        var altered = await VerifyAsync(good);
        Assert.Equal("failed", altered["verified"]!.GetValue<string>());
        Assert.Contains("is not what was written", altered["verified_fault"]!.GetValue<string>(), StringComparison.Ordinal);

        await NothingIsLeftAsync(3);
    }

    [Fact]
    public async Task A_service_that_is_killed_while_a_backup_is_verified_goes_on_with_it_and_nothing_is_left()
    {
        var (id, host) = await trove.CreateShopAsync("m1", Patience);
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1), (2)");
        var backup = await BackUpAsync(id, "b");
        await trove.DoAsync(HttpMethod.Post, $"backups/{backup}/action", new { verify = new { } });
        await Eventually.SeeAsync(
            "the verification is under way", Patience, () => ShowAsync(backup), one => (string?)one["verification"] == "running");
        Assert.Equal(422, (await trove.SendAsync(HttpMethod.Delete, $"backups/{backup}")).Status);

        await service.KillAsync();
        await service.StartAgainAsync();
        trove.Dispose();
        admin.Dispose();
        (trove, admin) = (await service.LogInAsync(), await service.LogInAsync("root"));

        var over = await Eventually.SeeAsync(
            "the verification is over", Patience, () => ShowAsync(backup), one => one["verification"] is null);
        Assert.Equal(("ok", 2), (over["verified"]!.GetValue<string>(), (int)over["verified_rows"]!));
        await NothingIsLeftAsync(1);
        await trove.DoAsync(HttpMethod.Delete, $"backups/{backup}");
        await trove.AwaitBackupGoneAsync(backup, Patience);
    }

    private static void Scribble(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.Position = Math.Min(4000, stream.Length / 2);
        stream.Write(Enumerable.Repeat((byte)0xee, 200).ToArray());
    }

    private static async Task<IEnumerable<string>> SumAsync(string host) =>
        (await Sql.RunAsync(host, "app", "secret", "CHECKSUM TABLE shop.loose, shop.t")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')[^1].Trim());

    private async Task<string> BackUpAsync(string instance, string name)
    {
        var id = await trove.BackUpAsync(new { name, instance });
        await trove.AwaitCompletedAsync(id, Patience);
        return id;
    }

    private async Task<JsonNode> VerifyAsync(string backup)
    {
        var asked = (await trove.DoAsync(HttpMethod.Post, $"backups/{backup}/action", new { verify = new { } }))!["backup"]!;
        Assert.Equal("waiting", asked["verification"]!.GetValue<string>());
        return await Eventually.SeeAsync(
            "the verification is over", Patience, () => ShowAsync(backup), one => one["verification"] is null);
    }

    private async Task<JsonNode> ShowAsync(string backup) => (await trove.DoAsync(HttpMethod.Get, $"backups/{backup}"))!["backup"]!;

    private async Task<string> HistoryAsync(string id) => (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/history"))!.ToJsonString();

    private async Task NothingIsLeftAsync(int verifications)
    {
        await Eventually.SeeAsync(
            "only the instance is there",
            Patience,
            async () => (await admin.DoAsync(HttpMethod.Get, "mgmt/instances"))!["instances"]!.AsArray(),
            instances => instances.Count == 1);
        var gone = (await admin.DoAsync(HttpMethod.Get, "mgmt/instances?deleted=true"))!["instances"]!.AsArray();
        string[] ids = [.. gone.Select(instance => instance!["id"]!.GetValue<string>())];
        Assert.Equal(verifications, ids.Length);
        Assert.Empty(LeftOvers.Of(service, ids));
    }
}
