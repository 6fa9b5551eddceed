using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Backups of MySQL by the real service: a copy on the volume, and the binary log; restored by it, and by hand.</summary>
public sealed class MySqlBackupTests : IAsyncLifetime
{
    private const string Sum = "SELECT COUNT(*), SUM(id) FROM shop.t";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private string image = "";
    private string folder = "";
    private RunningService service = null!;
    private TroveClient trove = null!;

    private string Objects => Path.Combine(folder, "objects");

    public async ValueTask InitializeAsync()
    {
        image = await EngineImages.MySqlAsync();
        folder = Directory.CreateDirectory(Path.Combine(image, "tmp", $"dbaas-{Guid.CreateVersion7().ToString("N")[20..]}")).FullName;
        var made = await Shell.RunAsync(folder, "age-keygen -o recovery.key 2>&1");
        var settings = RunningService.Settings();
        settings["Images"] = new JsonObject { ["mysql-image"] = image };
        settings["Datastores"] = new JsonArray(new JsonObject
        {
            ["Name"] = "mysql", ["Version"] = "9.7", ["Image"] = "mysql-image", ["IsDefault"] = true,
        });
        settings["DefaultDatastore"] = "mysql";
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

        if (folder.Length > 0)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_lost_instance_comes_back_with_what_its_log_says_by_the_service_and_by_hand()
    {
        var id = await trove.CreateAsync(new
        {
            name = "m",
            flavorRef = "2",
            volume = new { size = 1 },
            binary_log = "always",
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var host = (await trove.AwaitStatusAsync(id, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1), (2)");
        var full = await BackUpAsync(id, parent: null);
        await Sql.RunAsync(host, "app", "secret", "INSERT INTO shop.t VALUES (30); DELETE FROM shop.t WHERE id = 1");
        var following = await BackUpAsync(id, full);
        var rows = await Sql.RunAsync(host, "app", "secret", Sum);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);

        var restored = await trove.CreateAsync(
            new { name = "back", flavorRef = "2", volume = new { size = 1 }, restorePoint = new { backupRef = following } });
        var back = (await trove.AwaitStatusAsync(restored, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();

        Assert.Equal(rows, await Sql.RunAsync(back, "app", "secret", Sum));
        await Sql.RunAsync(back, "app", "secret", "INSERT INTO shop.t VALUES (4)");
        Assert.Equal(rows, (await ByHandAsync(full, following)).Trim());
    }

    /// <summary>As docs/backups.md says it.</summary>
    private Task<string> ByHandAsync(string full, string following) => Shell.RunAsync(folder, $"""
        mkdir data logs
        here=/tmp/{Path.GetFileName(folder)}
        cat {Objects}/{StoredBackups.PlaceOf(Objects, full)}/*-???????? | age -d -i recovery.key | zstd -d | tar -x -C data
        cat {Objects}/{StoredBackups.PlaceOf(Objects, following)}/*-???????? | age -d -i recovery.key | zstd -d | tar -x -C logs
        chown -R root: data
        chroot {image} mysqld --no-defaults --user=root --datadir=$here/data --socket=$here/s --pid-file=$here/pid --skip-networking \
          --skip-log-bin --gtid-mode=ON --enforce-gtid-consistency=ON --event-scheduler=DISABLED --max-allowed-packet=1G --mysqlx=OFF \
          --secure-file-priv=NULL --plugin-load-add=auth_socket.so --innodb-data-file-path=ibdata1:10M:autoextend >server.log 2>&1 &
        trap "kill $! 2>/dev/null || true; wait" EXIT
        for try in $(seq 600); do [ -S s ] && break; sleep 0.1; done
        [ -S s ] || cat server.log >&2
        cd logs
        chroot {image} mysqlbinlog --no-defaults $(ls -v binlog.* | sed "s:^:$here/logs/:") |
          chroot {image} mysql --no-defaults --socket=$here/s --binary-mode --max-allowed-packet=1G
        chroot {image} mysql --no-defaults --socket=$here/s --skip-column-names --execute='{Sum}'
        chroot {image} mysqladmin --no-defaults --socket=$here/s shutdown >/dev/null
        """);

    private async Task<string> BackUpAsync(string instance, string? parent)
    {
        var id = await trove.BackUpAsync(new { name = "b", instance, parent_id = parent });
        await trove.AwaitCompletedAsync(id, Patience);
        return id;
    }
}
