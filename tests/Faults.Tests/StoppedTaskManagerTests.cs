using System.Diagnostics;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>Two task managers on one machine and one plane, of which one is told to stop.</summary>
public sealed class StoppedTaskManagerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(15);
    private RunningNodes nodes = null!;

    public async ValueTask InitializeAsync() => nodes = await RunningNodes.StartAsync();

    public ValueTask DisposeAsync() => nodes.DisposeAsync();

    [Fact]
    public async Task Whoever_is_told_to_stop_hands_its_operations_over_and_another_one_goes_on_with_them_within_seconds()
    {
        var first = await nodes.AddTaskManagerAsync("first");
        var second = await nodes.AddTaskManagerAsync("second");
        using var trove = await nodes.LogInAsync();
        await RunningNodes.AwaitFlavorsAsync(trove);

        // So all are the first one's.
        second.Freeze();
        var instances = await Task.WhenAll(CreateAsync(trove), CreateAsync(trove), CreateAsync(trove));
        var owner = await Eventually.SeeAsync(
            "one is at all of them",
            Patience,
            () => nodes.AskAsync("SELECT owner FROM operations WHERE owner IS NOT NULL GROUP BY owner HAVING COUNT(*) = 3"),
            one => one.Length > 0);
        second.Thaw();
        var watch = Stopwatch.StartNew();
        first.Terminate();

        // A lease is 60 s. While an operation waits for something it has no owner, so each is remembered.
        var elsewhere = new HashSet<string>();
        await Eventually.SeeAsync(
            "another one is at each of them",
            AtOnce,
            async () =>
            {
                elsewhere.UnionWith((await nodes.AskAsync($"SELECT id FROM operations WHERE owner <> '{owner}'"))
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries));
                return elsewhere.Count;
            },
            count => count == 3);
        Console.WriteLine($"Three operations went on elsewhere after {watch.Elapsed.TotalSeconds:0.0} s.");
        Assert.Equal(0, await first.AwaitEndAsync());
        await Task.WhenAll(instances.Select(id => trove.AwaitStatusAsync(id, "ACTIVE", Patience)));
        Assert.Equal("second", await nodes.AskAsync("SELECT name FROM nodes WHERE program = 'task-manager'"));
    }

    private static Task<string> CreateAsync(TroveClient trove) =>
        trove.CreateAsync(new { name = "handed over", flavorRef = "6", volume = new { size = 1 } });
}
