using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>No space left on the volume of an instance.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const long Mebibyte = 1 << 20;
    private const string Insert = "INSERT INTO shop.t (filler) SELECT REPEAT('x', 4000) FROM shop.seq_1_to_200";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private RunningService service = null!;

    public async ValueTask InitializeAsync() => service = await RunningService.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_full_volume_is_seen_harms_nobody_else_and_goes_on_when_there_is_room_again()
    {
        using var trove = await service.LogInAsync();
        var both = await Task.WhenAll(trove.CreateShopAsync("full", Patience), trove.CreateShopAsync("other", Patience));
        var ((id, host), (other, otherHost)) = (both[0], both[1]);
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT AUTO_INCREMENT PRIMARY KEY, filler VARCHAR(4000))");
        var ballast = await LeaveAsync(id, 20 * Mebibyte);

        await FillAsync(host);

        // The engine refuses what it has no room for, or ends itself over it and is started again.
        await Eventually.SeeAsync(
            "show tells that it is full, and the database serves", Patience, () => trove.ShowAsync(id),
            instance => $"{instance["status"]} {instance["operating_status"]}" == "ACTIVE HEALTHY"
                && instance["volume"]!["used_percent"]?.GetValue<double>() > 95);
        var rows = int.Parse(await Sql.RunAsync(host, "app", "secret", "SELECT COUNT(*) FROM shop.t"), CultureInfo.InvariantCulture);
        Assert.True(rows >= 200, $"{rows} rows");
        await Sql.RunAsync(otherHost, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");
        await trove.DoAsync(HttpMethod.Post, $"instances/{other}/databases", new { databases = new[] { new { name = "later" } } });
        var listed = (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/databases"))!["databases"]!.AsArray();
        Assert.Contains(listed, database => (string?)database!["name"] == "shop");

        // Deleting may find no room for its own undo records either, until the engine has cleared away in the background what its
        // last refusal left there. What is deleted within the table makes room for its next rows, what the volume gets back for all.
        await Eventually.HoldsAsync("the engine deletes", Soon, () => IsTakenAsync(host, "DELETE FROM shop.t WHERE id > 10"));
        await Eventually.HoldsAsync(
            "a small row finds room", Soon, () => IsTakenAsync(host, "INSERT INTO shop.t (filler) VALUES ('small')"));
        File.Delete(ballast);
        await Sql.RunAsync(host, "app", "secret", Insert);
        Assert.Equal("211", await Sql.RunAsync(host, "app", "secret", "SELECT COUNT(*) FROM shop.t"));
        await Sql.RunAsync(host, "app", "secret", "DROP TABLE shop.t");
        await trove.DoAsync(HttpMethod.Post, $"instances/{id}/databases", new { databases = new[] { new { name = "later" } } });
        await trove.DoAsync(HttpMethod.Post, $"instances/{id}/action", new { restart = new { } });
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        await Eventually.SeeAsync(
            "show tells that there is room",
            Soon,
            () => trove.ShowAsync(id),
            instance => instance["volume"]!["used_percent"]?.GetValue<double>() < 50);
    }

    [Fact]
    public async Task A_slave_whose_volume_has_no_room_for_the_data_ends_in_error_with_the_reason_and_can_be_deleted()
    {
        using var trove = await service.LogInAsync();
        var (master, host) = await trove.CreateShopAsync("roomy", Patience);
        await Sql.RunAsync(host, "app", "secret", "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");

        var slave = await trove.CreateAsync(new { name = "cramped", slave_of = master });
        await LeaveAsync(slave, 20 * Mebibyte);

        var failed = await trove.AwaitStatusAsync(slave, "ERROR", Patience);
        Assert.Contains(
            "does not fit the space that is free on the volume", failed["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{slave}");
        await trove.AwaitGoneAsync(slave, Patience);
        Assert.Empty(LeftOvers.Of(service, slave));
        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        Assert.Equal("1", await Sql.RunAsync(host, "app", "secret", "SELECT COUNT(*) FROM shop.t"));
    }

    /// <summary>Inserts until the engine does not take more.</summary>
    private static async Task FillAsync(string host)
    {
        for (var times = 0; times < 200; times++)
        {
            if (!await IsTakenAsync(host, Insert))
            {
                return;
            }
        }

        throw new InvalidOperationException("The volume does not get full.");
    }

    /// <summary>Whether the engine takes a statement: it may refuse it for want of room, for nothing else.</summary>
    private static async Task<bool> IsTakenAsync(string host, string statement)
    {
        try
        {
            await Sql.RunAsync(host, "app", "secret", statement);
            return true;
        }
        catch (SqlFailedException e)
        {
            Assert.Matches("is full|No space left|[Ll]ost connection", e.Message);
            return false;
        }
    }

    /// <summary>Takes what is free on an instance's volume, as soon as there is one, but for so many bytes.</summary>
    /// <returns>The file that takes it.</returns>
    private static async Task<string> LeaveAsync(string id, long bytes)
    {
        var mount = await Eventually.SeeAsync(
            $"the volume of {id}", Soon,
            () => Task.FromResult(File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1])
                .FirstOrDefault(
                    point => point.StartsWith("/run/dbaas/", StringComparison.Ordinal) && point.EndsWith(id, StringComparison.Ordinal))),
            point => point is not null);
        var ballast = Path.Combine(mount!, "ballast");
        using var fallocate = Process.Start("fallocate", ["-l", $"{new DriveInfo(mount!).AvailableFreeSpace - bytes}", ballast]);
        await fallocate.WaitForExitAsync();
        Assert.Equal(0, fallocate.ExitCode);
        return ballast;
    }
}
