using System.Globalization;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>Two task managers on one machine and one plane, of which one is told to stop.</summary>
public sealed class StoppedTaskManagerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);
    private RunningNodes nodes = null!;

    public async ValueTask InitializeAsync() => nodes = await RunningNodes.StartAsync();

    public ValueTask DisposeAsync() => nodes.DisposeAsync();

    [Fact]
    public async Task Whoever_is_told_to_stop_hands_its_operations_over_and_they_come_to_their_end()
    {
        var first = await nodes.AddTaskManagerAsync("first");
        using var trove = await nodes.LogInAsync();
        var before = await CreateAsync(trove);
        var owner = await OwnerAsync();
        await trove.AwaitStatusAsync(before, "ACTIVE", Patience);
        await nodes.AddTaskManagerAsync("second");
        var instances = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            instances.Add(await CreateAsync(trove));
        }

        first.Terminate();

        // Far below the lease.
        await Eventually.HoldsAsync("it works on nothing", AtOnce, async () => await ClaimsAsync(owner) == 0);
        Assert.Equal(0, await first.AwaitEndAsync());
        foreach (var id in instances)
        {
            await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        }

        Assert.Equal("second", await nodes.AskAsync("SELECT name FROM nodes WHERE program = 'task-manager'"));
    }

    private static Task<string> CreateAsync(TroveClient trove) =>
        trove.CreateAsync(new { name = "handed over", flavorRef = "6", volume = new { size = 1 } });

    private Task<string> OwnerAsync() => Eventually.SeeAsync(
        "somebody works",
        Patience,
        () => nodes.AskAsync("SELECT COALESCE(MAX(owner), '') FROM operations WHERE status IN ('Running', 'Undoing')"),
        owner => owner.Length > 0);

    private async Task<int> ClaimsAsync(string owner) =>
        int.Parse(await nodes.AskAsync($"SELECT COUNT(*) FROM operations WHERE owner = '{owner}'"), CultureInfo.InvariantCulture);
}
