using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Logs of a database, as users of Debian's clients get them.</summary>
public sealed class GuestLogTests(ServiceFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Debians_clients_enable_publish_and_discard_a_log_and_it_is_read()
    {
        using var trove = await fixture.Service.LogInAsync();
        var (id, host) = await trove.CreateShopAsync("logged", Patience);

        var listed = JsonNode.Parse(await OpenStackAsync("log", "list", id, "-f", "json"))!.AsArray();
        Assert.Equal(
            ["error SYS", "general USER", "slow_query USER"], listed.Select(log => $"{log!["Name"]} {log["Type"]}"));
        await OpenStackAsync("log", "set", id, "slow_query", "--enable");
        await Sql.RunAsync(host, "app", "secret", "SELECT SLEEP(1.1) AS slowly; SELECT 'quickly'");
        await Eventually.HoldsAsync("the statement is logged", Patience, async () =>
            (await ShowAsync(trove, id, "slow_query"))["pending"]!.GetValue<long>() > 0);
        await OpenStackAsync("log", "set", id, "slow_query", "--publish");
        Assert.Contains("Published", await OpenStackAsync("log", "show", id, "slow_query"));

        var text = await trove.TextAsync($"instances/{id}/log/slow_query");
        Assert.Contains("SLEEP(1.1)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("quickly", text, StringComparison.Ordinal);
        Assert.EndsWith(await trove.TextAsync($"instances/{id}/log/slow_query?lines=1"), text, StringComparison.Ordinal);

        // The server begins a log with words of its own.
        Assert.Contains("Ready", await TroveAsync("log-enable", id, "general"));
        Assert.Contains("Published", await TroveAsync("log-publish", id, "error"));
        Assert.NotEmpty(await trove.TextAsync($"instances/{id}/log/error"));
        Assert.Contains("Disabled", await TroveAsync("log-publish", id, "general", "--disable"));
        Assert.Contains("general", await TroveAsync("log-list", id));
        await TroveAsync("log-discard", id, "slow_query");
        Assert.Equal(0, (await ShowAsync(trove, id, "slow_query"))["published"]!.GetValue<long>());
        Assert.Equal(404, (await trove.SendAsync(HttpMethod.Get, $"instances/{id}/log/slow_query")).Status);

        var before = Stored();
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
        await Eventually.HoldsAsync("what was published is gone", Patience, () => before.Except(Stored()).Any());
    }

    [Fact]
    public async Task A_log_is_published_whole_and_once_when_its_agent_is_killed_meanwhile()
    {
        const int Statements = 3000;
        using var trove = await fixture.Service.LogInAsync();
        var (id, host) = await trove.CreateShopAsync("killed", Patience);
        await ActAsync(trove, id, new { name = "general", enable = 1 });
        var filling = new string('x', 2000);
        var statements = Enumerable.Range(0, Statements).Select(number => $"SELECT 'number {number:D5} {filling}';\n");
        await Sql.RunAsync(host, "app", "secret", string.Concat(statements));

        var before = Stored();
        var publishing = trove.SendAsync(HttpMethod.Post, $"instances/{id}/log", new { name = "general", publish = 1 });
        await Eventually.HoldsAsync("some of it is published", Patience, () => Stored().Except(before).Any());
        using (var agent = Process.GetProcessById(LeftOvers.PidsOf(id, "Dbaas.GuestAgent").Single()))
        {
            agent.Kill();
        }

        await publishing;
        var log = await Eventually.SeeAsync(
            "all of it is published",
            Patience,
            async () => (await ActAsync(trove, id, new { name = "general", publish = 1 }))["log"]!,
            seen => seen["status"]!.GetValue<string>() == "Published");
        Assert.True(log["published"]!.GetValue<long>() > Statements * filling.Length);

        var text = await trove.TextAsync($"instances/{id}/log/general");
        Assert.Equal(Enumerable.Range(0, Statements), Numbers(text));
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        var last = await trove.TextAsync($"instances/{id}/log/general?lines=50");
        Assert.Equal(text.Split('\n')[^51..], last.Split('\n'));
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
    }

    /// <summary>The objects of the service.</summary>
    private HashSet<string> Stored() =>
        Directory.Exists(Path.Combine(fixture.Service.StatePath, "objects"))
            ? [.. Directory.EnumerateFiles(Path.Combine(fixture.Service.StatePath, "objects"), "*", SearchOption.AllDirectories)]
            : [];

    private Task<string> OpenStackAsync(params string[] words) => ShellAsync($"openstack database {string.Join(' ', words)}");

    private Task<string> TroveAsync(params string[] words) => ShellAsync($"trove {string.Join(' ', words)}");

    private Task<string> ShellAsync(string line) => Shell.RunAsync(fixture.Service.StatePath, $". ./openrc\n{line}");

    private static IEnumerable<int> Numbers(string text)
    {
        const string Word = "'number ";
        for (var at = 0; (at = text.IndexOf(Word, at, StringComparison.Ordinal)) >= 0; at++)
        {
            yield return int.Parse(text.AsSpan(at + Word.Length, 5), CultureInfo.InvariantCulture);
        }
    }

    private static async Task<JsonNode> ShowAsync(TroveClient trove, string id, string name) =>
        (await ActAsync(trove, id, new { name }))["log"]!;

    private static async Task<JsonNode> ActAsync(TroveClient trove, string id, object body) =>
        (await trove.DoAsync(HttpMethod.Post, $"instances/{id}/log", body))!;
}
