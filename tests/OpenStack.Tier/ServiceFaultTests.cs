using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier;

/// <summary>
/// The whole service on a cloud that fails in the middle of its work: what was begun is finished or undone, once, and nothing is left.
/// </summary>
[Trait("part", "lifecycle")]
public sealed class ServiceFaultTests
{
    private const string MakeServer = "POST compute /v2.1/servers";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(20);

    [Fact]
    public Task A_create_in_which_every_call_fails_once_is_finished() => OnProxyAsync(async (lab, proxy) =>
    {
        var failed = new ConcurrentDictionary<string, bool>();
        proxy.Plan = request => !request.StartsWith("POST identity", StringComparison.Ordinal) && failed.TryAdd(request, true)
            ? Fault.Failed
            : Fault.None;

        await LiveAsync(lab);

        Assert.Contains(MakeServer, failed.Keys);
    });

    [Theory]
    [InlineData(nameof(Fault.LostAnswer))]
    [InlineData(nameof(Fault.Hang))]
    public Task A_create_goes_on_when_Nova_does_not_answer_and_makes_one_server(string kind) => OnProxyAsync(async (lab, proxy) =>
    {
        var times = 0;
        proxy.Plan = request => request == MakeServer && Interlocked.Increment(ref times) == 1 ? Enum.Parse<Fault>(kind) : Fault.None;

        await LiveAsync(lab);
    });

    [Fact]
    public Task A_cloud_that_is_away_for_a_while_in_the_middle_of_a_create_delays_it() => OnProxyAsync(async (lab, proxy) =>
    {
        var since = new Stopwatch();
        proxy.Plan = request =>
        {
            if (request == MakeServer)
            {
                since.Start();
            }

            return since.IsRunning && since.Elapsed < Away ? Fault.Closed : Fault.None;
        };

        await LiveAsync(lab);

        Assert.True(since.Elapsed > Away, "The cloud was not away.");
    });

    [Fact]
    public Task A_service_that_is_killed_when_Nova_was_just_asked_makes_no_second_server() => OnProxyAsync(async (lab, proxy) =>
    {
        var asked = new TaskCompletionSource();
        proxy.Plan = request =>
        {
            if (request != MakeServer || !asked.TrySetResult())
            {
                return Fault.None;
            }

            return Fault.LostAnswer;
        };
        using var trove = await lab.Service.LogInAsync();
        var id = await CreateAsync(trove, "small");
        await asked.Task.WaitAsync(Patience);

        await lab.Service.KillAsync();
        await lab.Service.StartAgainAsync();

        await OneServerAsync(lab, id);
    });

    [Fact]
    public Task A_create_for_which_no_host_has_room_is_undone_and_says_so() => OnProxyAsync(async (lab, _) =>
    {
        using var trove = await lab.Service.LogInAsync();
        using var admin = await lab.Service.LogInAsync("root");
        var id = await CreateAsync(trove, "too-large");

        await trove.AwaitStatusAsync(id, "ERROR", Patience);

        await Eventually.SeeAsync("nothing is left in the cloud", Patience, lab.Project.ContentsAsync, left => left.Count == 0);
        Assert.Contains("host", (await admin.ShowAsync(id))["fault"]!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
    });

    [Fact]
    public Task A_resize_for_which_no_host_has_room_is_taken_back_and_the_database_serves_on() => OnProxyAsync(async (lab, _) =>
    {
        using var trove = await lab.Service.LogInAsync();
        var id = await CreateAsync(trove, "small");
        var host = HostOf(await trove.AwaitStatusAsync(id, "ACTIVE", Patience));

        await trove.DoAsync(HttpMethod.Post, $"instances/{id}/action", new { resize = new { flavorRef = "too-large" } });
        var shown = await Eventually.SeeAsync(
            "it was taken back",
            Patience,
            () => trove.ShowAsync(id),
            seen => seen is { } one && (string?)one["status"] == "ACTIVE" && one["fault"] is not null);

        Assert.Equal("small", shown["flavor"]!["id"]!.GetValue<string>());
        Assert.StartsWith("The flavor could not be changed", shown["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("1", await Sql.RunAsync(host, "app", "secret", "SELECT 1"));
        await DeleteAsync(lab, trove, id);
    });

    /// <summary>The gateway's address is that of the guest itself, where nobody listens.</summary>
    [Fact]
    public Task A_guest_that_never_calls_is_a_fault_in_time_and_leaves_nothing() => ServiceOnLab.UseAsync(
        async lab =>
        {
            using var trove = await lab.Service.LogInAsync();
            using var admin = await lab.Service.LogInAsync("root");
            var id = await CreateAsync(trove, "small");

            await trove.AwaitStatusAsync(id, "ERROR", Patience);

            await Eventually.SeeAsync("nothing is left in the cloud", Patience, lab.Project.ContentsAsync, left => left.Count == 0);
            var fault = (await admin.ShowAsync(id))["fault"]!;
            Assert.Contains("its agent did not call within", fault["message"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.StartsWith("The end of its console:", fault["details"]!.GetValue<string>(), StringComparison.Ordinal);
            await DeleteAsync(lab, trove, id);
        },
        configure: settings =>
        {
            settings["GuestStartSeconds"] = 10;
            settings["OpenStack"]!["GatewayAddress"] = "127.0.0.1";
        });

    /// <summary>From create to delete: one of each while it lives, nothing behind it.</summary>
    private static async Task LiveAsync(ServiceOnLab lab)
    {
        using var trove = await lab.Service.LogInAsync();
        await OneServerAsync(lab, await CreateAsync(trove, "small"));
    }

    private static async Task OneServerAsync(ServiceOnLab lab, string id)
    {
        using var trove = await lab.Service.LogInAsync();
        var shown = await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        Assert.Equal("1", await Sql.RunAsync(HostOf(shown), "app", "secret", "SELECT 1"));
        await Eventually.SeeAsync(
            "one server, one volume, one port",
            Patience,
            async () => string.Join('\n', await lab.Project.ContentsAsync()),
            seen =>
                new[] { "servers", "volumes", "ports" }
                    .All(kind => seen.Split('\n').Count(one => one.StartsWith(kind + " ", StringComparison.Ordinal)) == 1));

        await DeleteAsync(lab, trove, id);
    }

    private static async Task DeleteAsync(ServiceOnLab lab, TroveClient trove, string id)
    {
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
        Assert.Empty(await lab.Project.ContentsAsync());
    }

    private static Task<string> CreateAsync(TroveClient trove, string flavor) => trove.CreateAsync(new
    {
        name = "faults",
        flavorRef = flavor,
        volume = new { size = 1 },
        users = new[] { new { name = "app", password = "secret" } },
    });

    private static async Task OnProxyAsync(Func<ServiceOnLab, FaultProxy, Task> test)
    {
        await using var proxy = await FaultProxy.StartAsync(Lab.Member());
        await ServiceOnLab.UseAsync(
            async lab =>
            {
                try
                {
                    await test(lab, proxy);
                }
                finally
                {
                    // The service's end asks the cloud too.
                    proxy.Plan = _ => Fault.None;
                }
            },
            proxy);
    }

    private static string HostOf(JsonNode instance) => instance["ip"]![0]!.GetValue<string>();
}
