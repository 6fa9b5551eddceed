using Dbaas.Simulation;
using Dbaas.TaskManager.Upkeep;
using Dbaas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.TaskManager.Tests;

public sealed class UpkeepWorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A service that is new on a cloud that is away for a moment has no flavors until this has worked.</summary>
    [Fact]
    public async Task What_failed_is_tried_again_soon_and_then_at_its_own_pace()
    {
        var (clock, upkeep) = (new VirtualClock(), new FailsAtFirst(2, TimeSpan.FromMinutes(1)));
        using var worker = new UpkeepWorker([upkeep], clock, NullLogger<UpkeepWorker>.Instance);

        await worker.StartAsync(CancellationToken.None);
        var begun = clock.GetUtcNow();
        await Eventually.HoldsAsync("it has looked three times", Patience, () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            return upkeep.Looks == 3;
        });
        Assert.InRange(clock.GetUtcNow() - begun, TimeSpan.Zero, upkeep.Every / 2);

        begun = clock.GetUtcNow();
        await Eventually.HoldsAsync("it has looked again", Patience, () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return upkeep.Looks == 4;
        });
        Assert.True(clock.GetUtcNow() - begun >= upkeep.Every, "That was before its time.");
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_goes_on_failing_is_tried_at_its_own_pace_at_least()
    {
        var (clock, upkeep) = (new VirtualClock(), new FailsAtFirst(10, TimeSpan.FromSeconds(1)));
        using var worker = new UpkeepWorker([upkeep], clock, NullLogger<UpkeepWorker>.Instance);

        await worker.StartAsync(CancellationToken.None);
        var begun = clock.GetUtcNow();
        await Eventually.HoldsAsync("it has looked eleven times", Patience, () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return upkeep.Looks >= 11;
        });

        Assert.InRange(clock.GetUtcNow() - begun, TimeSpan.Zero, 60 * upkeep.Every);
        await worker.StopAsync(CancellationToken.None);
    }

    private sealed class FailsAtFirst(int times, TimeSpan every) : IUpkeep
    {
        private int looks;

        public int Looks => Volatile.Read(ref looks);

        public TimeSpan Every => every;

        public Task LookAsync(CancellationToken cancellationToken) =>
            Interlocked.Increment(ref looks) <= times ? throw new InvalidOperationException("The cloud is away.") : Task.CompletedTask;
    }
}
