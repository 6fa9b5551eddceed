using System.Diagnostics;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Another master on request, while a client writes to whichever server lets it.</summary>
public sealed class PromotionTests(ServiceFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_slave_takes_over_from_its_master_and_back_and_no_row_that_was_acknowledged_is_lost()
    {
        using var trove = await fixture.Service.LogInAsync();
        var (first, firstHost) = await trove.CreateShopAsync("p1", Patience);
        await Sql.RunAsync(firstHost, "app", "secret", "CREATE TABLE shop.p (id INT PRIMARY KEY)");
        var second = await trove.CreateAsync(new { name = "p2", slaveOf = first });
        var secondHost = await trove.AwaitAddressAsync(second, Patience);
        var third = await trove.CreateAsync(new { name = "p3", slaveOf = first });
        var thirdHost = await trove.AwaitAddressAsync(third, Patience);
        string[] hosts = [firstHost, secondHost, thirdHost];

        using var over = new CancellationTokenSource();
        var writing = WriteAsync(hosts, over.Token);
        await PromoteAsync(trove, second, first, third);
        await PromoteAsync(trove, first, second, third);
        await over.CancelAsync();
        var written = await writing;

        Assert.InRange(written.Rows.Count, 10, int.MaxValue);
        Assert.Equal(2, written.Changes);
        foreach (var host in hosts)
        {
            await Eventually.HoldsAsync(
                $"all acknowledged rows are on {host}",
                Patience,
                async () =>
                {
                    var there = await Sql.RunAsync(host, "app", "secret", "SELECT id FROM shop.p");
                    return !written.Rows.Except(there.Split('\n').Select(int.Parse)).Any();
                });
        }

        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(secondHost, "app", "secret", "INSERT INTO shop.p VALUES (-1)"));
        await Assert.ThrowsAsync<SqlFailedException>(() => Sql.RunAsync(thirdHost, "app", "secret", "INSERT INTO shop.p VALUES (-1)"));
        TestContext.Current.TestOutputHelper!.WriteLine($"Longest gap between two acknowledged writes: {written.Gap.TotalSeconds:0.00} s");
        foreach (var id in new[] { second, third, first })
        {
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
            await trove.AwaitGoneAsync(id, Patience);
        }
    }

    private static async Task PromoteAsync(TroveClient trove, string slave, string master, string other)
    {
        await trove.DoAsync(HttpMethod.Post, $"instances/{slave}/action", new { promote_to_replica_source = new { } });
        foreach (var member in new[] { slave, master, other })
        {
            await trove.AwaitStatusAsync(member, "ACTIVE", Patience);
        }

        Assert.Equal(slave, (await trove.ShowAsync(master))["replica_of"]!["id"]!.GetValue<string>());
        Assert.Equal(slave, (await trove.ShowAsync(other))["replica_of"]!["id"]!.GetValue<string>());
        var shown = await trove.ShowAsync(slave);
        Assert.Null(shown["replica_of"]);
        Assert.Equal(2, shown["replicas"]!.AsArray().Count);
        Assert.Contains(await HistoryAsync(trove, slave), line => line.StartsWith(
            $"It is the master in place of {master}. Writes were away for", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> HistoryAsync(TroveClient trove, string id)
    {
        var lines = new List<string>();
        for (var after = ""; ;)
        {
            var page = (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/history{after}"))!["history"]!.AsArray();
            if (page.Count == 0)
            {
                return lines;
            }

            lines.AddRange(page.Select(line => (string?)line!["detail"] ?? ""));
            after = $"?marker={page[^1]!["id"]}";
        }
    }

    /// <summary>A row at a time, on the server that took the last one as long as it takes them.</summary>
    private static async Task<Written> WriteAsync(string[] hosts, CancellationToken over)
    {
        var (rows, at, changes, gap, since) = (new List<int>(), 0, 0, TimeSpan.Zero, Stopwatch.StartNew());
        for (var id = 1; !over.IsCancellationRequested; id++)
        {
            for (var i = 0; i < hosts.Length; i++)
            {
                var host = (at + i) % hosts.Length;
                try
                {
                    await Sql.RunAsync(hosts[host], "app", "secret", $"INSERT INTO shop.p VALUES ({id})");
                }
                catch (SqlFailedException)
                {
                    continue;
                }

                (changes, at) = (host == at ? changes : changes + 1, host);
                gap = since.Elapsed > gap ? since.Elapsed : gap;
                since.Restart();
                rows.Add(id);
                break;
            }
        }

        return new Written(rows, changes, gap);
    }

    private sealed record Written(IReadOnlyList<int> Rows, int Changes, TimeSpan Gap);
}
