using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation;
using Dbaas.TaskManager.Upkeep;
using Dbaas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.TaskManager.Tests;

/// <summary>What a plane offers, when a program answers for the first time.</summary>
public sealed class FirstCatalogTests
{
    [Fact]
    public async Task It_is_known_before_the_program_answers_and_not_asked_for_again()
    {
        using var world = await World.CreateAsync();
        var plane = new Plane(_ => Task.CompletedTask);
        await StartAsync(world, plane);
        Assert.Equal(0, plane.Looks);

        await ForgetAsync(world);
        await StartAsync(world, plane);

        Assert.Equal(1, plane.Looks);
    }

    [Fact]
    public async Task A_plane_that_fails_or_hangs_keeps_nothing_from_starting()
    {
        using var world = await World.CreateAsync();
        await ForgetAsync(world);
        await StartAsync(world, new Plane(_ => throw new InvalidOperationException("away")));

        var hangs = new Plane(_ => Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None));
        var start = StartAsync(world, hangs);
        await Eventually.HoldsAsync("the plane is asked", TimeSpan.FromSeconds(20), () => hangs.Looks == 1);
        Assert.False(start.IsCompleted);
        world.Clock.Advance(TimeSpan.FromSeconds(11));
        await start.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private static Task StartAsync(World world, Plane plane) =>
        new FirstCatalog(plane, world.Database, world.Clock, NullLogger<FirstCatalog>.Instance).StartAsync(CancellationToken.None);

    private static Task ForgetAsync(World world) =>
        world.Database.WriteAsync(unit => CatalogRows.Replace(unit, [], [], []), CancellationToken.None);

    private sealed class Plane(Func<CancellationToken, Task> look) : IUpkeep
    {
        public int Looks { get; private set; }

        public TimeSpan Every => TimeSpan.FromMinutes(1);

        public Task LookAsync(CancellationToken cancellationToken)
        {
            Looks++;
            return look(cancellationToken);
        }
    }
}
