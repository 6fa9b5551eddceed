using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier;

/// <summary>What docs/benchmarks.md says of this plane: it is printed here.</summary>
public sealed class FigureTests
{
    private const int Rounds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Fact]
    public Task Show_and_list_ask_no_service_however_slow_the_cloud_is() => OnProxyAsync(async (lab, proxy) =>
    {
        using var trove = await lab.Service.LogInAsync();
        using var admin = await lab.Service.LogInAsync("root");
        var id = await CreateAsync(trove);
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);

        proxy.Plan = _ => Fault.Hang;
        var before = proxy.Seen.Count;
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 100; round++)
        {
            await trove.ShowAsync(id);
            await trove.DoAsync(HttpMethod.Get, "instances");
            await admin.DoAsync(HttpMethod.Get, $"mgmt/instances/{id}");
        }

        var asked = proxy.Seen.Skip(before).ToArray();
        Print($"300 answers in {Seconds(watch.Elapsed)}; meanwhile upkeep asked the cloud {asked.Length} times");

        // Upkeep's own, which hang, and of which there is one of a kind at a time.
        Assert.True(asked.Length < 10, string.Join('\n', asked));
        proxy.Plan = _ => Fault.None;
        await DeleteAsync(trove, id);
    });

    [Fact]
    public Task A_create_is_mostly_the_cloud_s_and_the_engine_s_time() => OnProxyAsync(async (lab, proxy) =>
    {
        using var trove = await lab.Service.LogInAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var seen = SeeAsync(lab);
            var (calls, began) = (proxy.Calls.Count, TimeProvider.System.GetUtcNow());
            var id = await CreateAsync(trove);
            await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
            var ended = TimeProvider.System.GetUtcNow();
            var made = proxy.Calls.Skip(calls).ToArray();
            var times = await seen;

            var busy = new Timeline();
            foreach (var call in made)
            {
                busy.Add(call.Began, call.Ended);
            }

            busy.Add(made.First(call => call.Name.StartsWith("POST volumev3", StringComparison.Ordinal)).Ended, times.VolumeAvailable);
            busy.Add(made.First(call => call.Name == "POST compute /v2.1/servers").Ended, times.ServerActive);
            busy.Add(times.ServerActive, times.Hello);
            busy.Add(times.PrepareBegan, times.PrepareEnded);
            var own = busy.IdleIn(began, ended);
            Assert.True(own < (ended - began) / 2, $"Of {Seconds(ended - began)} our own were {Seconds(own)}.");
            Print($"create: {Seconds(ended - began)}, of which our own {Seconds(own)};"
                + $" server ACTIVE to first heartbeat {Seconds(times.Hello - times.ServerActive)}, to instance ACTIVE "
                + $"{Seconds(ended - times.ServerActive)};"
                + $" engine {Seconds(times.PrepareEnded - times.PrepareBegan)}");
            PrintCalls("create", made);

            calls = proxy.Calls.Count;
            await DeleteAsync(trove, id);
            PrintCalls("delete", [.. proxy.Calls.Skip(calls)]);
        }
    });

    /// <summary>When cloud and guest were ready, by looking at them directly.</summary>
    private static async Task<Times> SeeAsync(ServiceOnLab lab)
    {
        using var raw = Lab.Raw(lab.Project.Options);
        var volume = await FirstAsync(raw, CloudService.Volumes, "volumes/detail", "volumes", ["available", "in-use"]);
        var server = await FirstAsync(raw, CloudService.Compute, "servers/detail", "servers", ["ACTIVE"]);
        var folder = lab.Hypervisor.FolderOf(server.Id);
        var began = await WhenAsync("the engine's command came", () => Journal(folder).Length > 0);
        var ended = await WhenAsync(
            "the engine's command ended",
            () => Journal(folder).Any(entry => JsonNode.Parse(File.ReadAllText(entry))!["reply"] is not null));
        var hello = (await File.ReadAllLinesAsync(Path.Combine(folder, "console")))
            .First(line => line.Contains("The gateway speaks", StringComparison.Ordinal));
        return new Times(volume.At, server.At, DateTimeOffset.Parse(hello.Split(' ')[0], CultureInfo.InvariantCulture), began, ended);
    }

    private static async Task<(string Id, DateTimeOffset At)> FirstAsync(
        RawCloud raw, CloudService service, string path, string plural, string[] states)
    {
        var id = "";
        var at = await WhenAsync($"one of the {plural} is {states[0]}", async () =>
        {
            var one = (await raw.GetAsync(service, path))[plural]!.AsArray()
                .FirstOrDefault(one => states.Contains(one!["status"]!.GetValue<string>()));
            id = one?["id"]!.GetValue<string>() ?? "";
            return one is not null;
        });
        return (id, at);
    }

    private static Task<DateTimeOffset> WhenAsync(string what, Func<bool> condition) => WhenAsync(what, () => Task.FromResult(condition()));

    private static async Task<DateTimeOffset> WhenAsync(string what, Func<Task<bool>> condition)
    {
        await Eventually.HoldsAsync(what, Patience, condition);
        return TimeProvider.System.GetUtcNow();
    }

    private static string[] Journal(string folder) =>
        Path.Combine(folder, "root", "agent", "journal") is var journal && Directory.Exists(journal)
            ? Directory.GetFiles(journal, "*.json")
            : [];

    private static Task<string> CreateAsync(TroveClient trove) =>
        trove.CreateAsync(new { name = "figures", flavorRef = "small", volume = new { size = 1 } });

    private static async Task DeleteAsync(TroveClient trove, string id)
    {
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
    }

    private static async Task OnProxyAsync(Func<ServiceOnLab, FaultProxy, Task> test)
    {
        await using var proxy = await FaultProxy.StartAsync(Lab.Member());
        await ServiceOnLab.UseAsync(lab => test(lab, proxy), proxy);
    }

    private static void PrintCalls(string what, ProxiedCall[] calls)
    {
        var kinds = calls.GroupBy(call => call.Name)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => $"{kind.Count()} {kind.Key}");
        Print($"{what}: {calls.Length} calls: {string.Join(", ", kinds)}");
    }

    private static void Print(string text) => Console.WriteLine("figures: " + text);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    private sealed record Times(
        DateTimeOffset VolumeAvailable,
        DateTimeOffset ServerActive,
        DateTimeOffset Hello,
        DateTimeOffset PrepareBegan,
        DateTimeOffset PrepareEnded);
}
