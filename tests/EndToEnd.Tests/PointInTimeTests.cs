using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>An instance that is lost, and comes back as it was at a moment: through the whole service.</summary>
public sealed class PointInTimeTests : IAsyncLifetime
{
    private const string Sum = "SELECT COUNT(*), SUM(id), SUM(CRC32(s)) FROM shop.t";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbp");
    private RunningService service = null!;
    private TroveClient trove = null!;

    private string Objects => Path.Combine(folder.FullName, "objects");

    public async ValueTask InitializeAsync()
    {
        var made = await Shell.RunAsync(folder.FullName, "age-keygen -o recovery.key 2>&1");
        var settings = RunningService.Settings();

        // As operators have it, so that what is behind is what is behind there.
        settings["ReportSeconds"] = 10;
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
    public async Task An_instance_that_is_lost_under_load_comes_back_as_it_was_at_the_moment_that_is_named()
    {
        var (id, host) = await ArchivedAsync();
        await RestorableAsync(id, _ => true);
        await BehindAsync(id, "at rest");
        await using (Load.Begin(host))
        {
            await BehindAsync(id, "under load");
            await service.KillAsync();
            await service.StartAgainAsync();
            trove.Dispose();
            trove = await service.LogInAsync();
            foreach (var agent in LeftOvers.PidsOf(id, "Dbaas.GuestAgent"))
            {
                using var process = Process.GetProcessById(agent);
                process.Kill();
            }

            var killed = TimeProvider.System.GetUtcNow();
            await RestorableAsync(id, latest => latest > killed);
        }

        await PartsAreReadByHandAsync();
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        var moment = await NextSecondAsync();
        await NextSecondAsync();
        await Sql.RunAsync(host, "app", "secret", "DELETE FROM shop.t");
        await RestorableAsync(id, latest => latest > moment.AddSeconds(1));
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);

        var restored = await trove.CreateAsync(Restore(new { instance = id, time = Text(moment) }));
        var back = await trove.AwaitStatusAsync(restored, "ACTIVE", Patience);

        Assert.Equal(rows, await Sql.RunAsync(back["ip"]![0]!.GetValue<string>(), "app", "secret", Sum));
        var reached = back["restored_to"]!;
        Assert.True(Time(reached["time"]!) <= moment, reached.ToJsonString());
        Assert.StartsWith("0-", reached["gtid"]!.GetValue<string>(), StringComparison.Ordinal);
        foreach (var never in new[] { "2001-01-01T00:00:00Z", Text(moment.AddYears(1)) })
        {
            var (status, answer) = await trove.SendAsync(
                HttpMethod.Post, "instances", new { instance = Restore(new { instance = id, time = never }) });
            Assert.Equal(422, status);
            Assert.Contains("It can be to each moment from", answer!.ToJsonString(), StringComparison.Ordinal);
        }

        await NothingIsLeftAsync(id);
    }

    [Fact]
    public async Task An_instance_comes_back_behind_the_transaction_that_is_named_and_one_that_is_not_there_is_a_fault_that_names_it()
    {
        var (id, host) = await ArchivedAsync();
        await RestorableAsync(id, _ => true);
        var backup = (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/backups"))!["backups"]![0]!["id"]!.GetValue<string>();
        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t (s) VALUES ('wanted')");
        var wanted = await Sql.RunAsync(host, "app", "secret", "SELECT @@GLOBAL.gtid_binlog_pos");
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t (s) VALUES ('of the same second, and not wanted')");
        var now = TimeProvider.System.GetUtcNow();
        await RestorableAsync(id, latest => latest > now);

        var restored = await trove.CreateAsync(Restore(new { backupRef = backup, gtid = wanted }));
        var inVain = await trove.CreateAsync(Restore(new { backupRef = backup, gtid = "0-1-999999999" }));

        var back = await trove.AwaitStatusAsync(restored, "ACTIVE", Patience);
        Assert.Equal(rows, await Sql.RunAsync(back["ip"]![0]!.GetValue<string>(), "app", "secret", Sum));
        Assert.Equal(wanted, (string?)back["restored_to"]!["gtid"]);
        var fault = (await trove.AwaitStatusAsync(inVain, "ERROR", Patience))["fault"]!.ToJsonString();
        Assert.Contains("The transaction 0-1-999999999 is not in the archived log behind the backup", fault, StringComparison.Ordinal);
    }

    /// <summary>As docs/backups.md says it, with the operator's key and the engine's tool.</summary>
    private async Task PartsAreReadByHandAsync()
    {
        var read = await Shell.RunAsync(folder.FullName, $$"""
            for log in {{Objects}}/*; do
              test -e $log/manifest.json && continue
              for part in $log/*-????????; do
                age -d -i recovery.key $part | zstd -d > part.log
                mariadb-binlog --base64-output=decode-rows part.log
              done
            done > read
            grep -c 'INSERT INTO t' read
            """);
        Assert.True(int.Parse(read, CultureInfo.InvariantCulture) > 10, read);
    }

    /// <summary>What it takes: the backup that the service takes by itself, and the logs behind it.</summary>
    private async Task NothingIsLeftAsync(string id)
    {
        foreach (var backup in (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/backups"))!["backups"]!.AsArray())
        {
            await trove.DoAsync(HttpMethod.Delete, $"backups/{backup!["id"]}");
        }

        await Eventually.HoldsAsync(
            "no object is left",
            Patience,
            () => !Directory.EnumerateFiles(Objects, "*", SearchOption.AllDirectories).Any());
    }

    private async Task<(string Id, string Host)> ArchivedAsync()
    {
        var id = await trove.CreateAsync(new
        {
            name = "m1",
            flavorRef = "7",
            volume = new { size = 1 },
            point_in_time_recovery = true,
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var host = await trove.AwaitAddressAsync(id, Patience);
        await Sql.RunAsync(
            host, "app", "secret", "CREATE TABLE shop.t (id INT AUTO_INCREMENT PRIMARY KEY, s VARCHAR(300))");
        return (id, host);
    }

    private static object Restore(object point) => new { name = "back", flavorRef = "7", volume = new { size = 1 }, restorePoint = point };

    private Task<DateTimeOffset> RestorableAsync(string id, Func<DateTimeOffset, bool> isEnough) => Eventually.SeeAsync(
        "it can be restored to a moment",
        Patience,
        async () => (await trove.ShowAsync(id))["restorable_times"] is JsonArray { Count: > 0 } times
            ? Time(times[^1]!["latest"]!)
            : default,
        latest => latest != default && isEnough(latest));

    /// <summary>How far what can be restored is behind now, for a while.</summary>
    private async Task BehindAsync(string id, string when)
    {
        var most = TimeSpan.Zero;
        for (var looks = 0; looks < 25; looks++)
        {
            var behind = TimeProvider.System.GetUtcNow() - await RestorableAsync(id, _ => true);
            most = behind > most ? behind : most;
            await NextSecondAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Behind now, {when}: {most.TotalSeconds:0.0} s at most.");
        Assert.True(most <= MostBehind, $"{most.TotalSeconds:0.0} s behind {when}");
    }

    private static DateTimeOffset Time(JsonNode text) => DateTimeOffset.Parse(text.GetValue<string>(), CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset moment) => moment.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>MariaDB knows seconds. The end of the present one.</summary>
    private static async Task<DateTimeOffset> NextSecondAsync()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await Eventually.HoldsAsync(
            "the second is over", TimeSpan.FromSeconds(5), () => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() > now);
        return DateTimeOffset.FromUnixTimeSeconds(now).AddMilliseconds(999);
    }

    /// <summary>Clients that write all the time.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource enough = new();
        private readonly Task work;

        private Load(string host) => work = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await Sql.RunAsync(
                    host, "app", "secret", "USE shop; INSERT INTO t (s) SELECT SHA2(RAND(), 512) FROM seq_1_to_50");
            }
        });

        public static Load Begin(string host) => new(host);

        public async ValueTask DisposeAsync()
        {
            await enough.CancelAsync();
            await work;
            enough.Dispose();
        }
    }
}
