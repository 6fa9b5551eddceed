using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Backups from volumes, and onto volumes, that have no room.</summary>
[Needs("backups", "accounts")]
public abstract class BackupVolumeCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private const int VolumeMegabytes = 600;
    private const int LeftMegabytes = 24;
    private const int NearlyNothing = 6;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Volumes_without_room_are_named_and_with_room_all_comes_back()
    {
        var source = fixture.NewInstance();
        await using var small = await SmallVolume.MakeAsync(source, VolumeMegabytes);
        await fixture.PrepareMasterAsync(source);
        await fixture.InsertAsync(source, 1, 2);
        await small.LeaveAsync(LeftMegabytes);
        try
        {
            await source.TakeAsync();
        }
        catch (DatastoreException e)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{e.Kind}: {e.Message}");
            Assert.Equal(FaultKind.Precondition, e.Kind);
            Assert.Contains("volume", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal([1, 2], await fixture.ReadAsync(source));
        small.MakeRoom();
        var backup = await source.TakeAsync();
        await source.Server.StopAsync(None);

        // Its description says less than there is.
        var target = fixture.NewInstance();
        await using var other = await SmallVolume.MakeAsync(target, VolumeMegabytes);
        await fixture.PreparedAsync(target);
        await other.LeaveAsync(NearlyNothing);
        var chain = BackupTools.Stored(backup);
        var understated = chain.Select(one => one with { Document = fixture.Resized(one.Document, 1) }).ToList();
        var fault = await Faults.IsAsync(FaultKind.Precondition, () => target.Datastore.Backups!.RestoreAsync(understated, None));
        TestContext.Current.TestOutputHelper?.WriteLine(fault.Message);
        Assert.Contains("The volume is full", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(target.Host.VolumePath, "data")));
        fault = await Faults.IsAsync(FaultKind.Precondition, () => target.Datastore.Backups!.RestoreAsync(chain, None));
        Assert.Contains("does not fit", fault.Message, StringComparison.Ordinal);

        other.MakeRoom();
        await target.Datastore.Backups!.RestoreAsync(chain, None);
        await target.Server.StartAsync(None);
        Assert.Equal([1, 2], await fixture.ReadAsync(target));
    }
}
