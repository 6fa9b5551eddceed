using System.Diagnostics;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Xunit;

namespace Dbaas.Datastores.Conformance.Direct;

/// <summary>What is asked of a server whose volume has no free block.</summary>
internal sealed class FullServer(DatastoreFixture fixture)
{
    public const int VolumeMegabytes = 600;
    public const int LeftMegabytes = 24;

    /// <summary>Nothing waits for minutes for a server that can neither stop nor start.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(100);

    private static CancellationToken None => CancellationToken.None;

    /// <summary>Large rows, then small ones, until the engine takes no more; then what is left.</summary>
    /// <returns>How many it took.</returns>
    public async Task<int> FillAsync(TestInstance instance, SmallVolume volume)
    {
        await volume.LeaveAsync(LeftMegabytes);
        await fixture.ExecuteAsync(instance, fixture.CreateFiller);
        var rows = 0;
        foreach (var kilobytes in new[] { 1024, 16 })
        {
            try
            {
                for (; rows < 10_000; rows++)
                {
                    await fixture.ExecuteAsync(instance, fixture.InsertFiller(kilobytes));
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"After {rows} rows: {e.Message}");
            }
        }

        volume.TakeAll();
        return rows;
    }

    /// <summary>Done, or a fault that says why not.</summary>
    /// <returns>It was done.</returns>
    public static async Task<bool> EndsSoonAsync(Func<CancellationToken, Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        using var soon = new CancellationTokenSource(Soon);
        try
        {
            await call(soon.Token);
            TestContext.Current.TestOutputHelper?.WriteLine($"Done after {Stopwatch.GetElapsedTime(started)}.");
            return true;
        }
        catch (DatastoreException e)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{e.Kind} after {Stopwatch.GetElapsedTime(started)}: {e.Message}");
            Assert.Contains("The volume is full", e.ToString(), StringComparison.Ordinal);
            return false;
        }
    }

    public async Task WorksAsync(TestInstance instance, int rows)
    {
        await instance.Server.StartAsync(None);
        Assert.Equal(ServerState.Healthy, (await instance.Server.GetStatusAsync(None)).State);
        Assert.True(await CountAsync(instance) >= rows, $"{rows} rows were taken, and {await CountAsync(instance)} are there.");
        await fixture.ExecuteAsync(instance, fixture.InsertFiller(1024));
        await instance.Accounts.CreateDatabasesAsync([new DatabaseSpec("later")], None);
    }

    public async Task<int> CountAsync(TestInstance instance)
    {
        await using var client = await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        return Assert.Single(await client.ReadAsync(fixture.CountFiller));
    }
}
