using Dbaas.Domain.Backups;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;

namespace Dbaas.Domain.Tests.Backups;

public sealed class BackupServersTests
{
    private static readonly Instance Master = new() { Id = "m", Lifecycle = Lifecycle.Ready };

    [Fact]
    public void The_slave_that_is_least_behind_is_chosen_and_the_instance_itself_where_there_is_none()
    {
        Assert.Equal("s2", BackupServers.Choose(Master, [Slave("s1", lag: 2), Slave("s2", lag: 0.5), Slave("s3", lag: 0.5)]));
        Assert.Null(BackupServers.Choose(Master, []));
    }

    [Fact]
    public void What_an_instance_archives_is_told_by_its_own_moments()
    {
        Assert.Null(BackupServers.Choose(Master with { PointInTime = true }, [Slave("s1")]));
    }

    [Fact]
    public void A_slave_that_does_not_keep_up_or_is_not_well_is_not_asked()
    {
        var good = Slave("s1");
        SlaveSeen[] bad =
        [
            Slave("s1", lag: 11), Slave("s1", lag: null), good with { IsAnswering = false }, good with { CanBackUp = false },
            good with { Guest = null }, good with { Guest = good.Guest! with { ServerState = "Crashed" } },
            good with { Guest = good.Guest! with { Replicating = false } }, good with { Slave = good.Slave with { LockOwner = "o" } },
            good with { Slave = good.Slave with { RunningBackup = "b" } }, good with { Slave = good.Slave with { Deleted = true } },
            good with { Slave = good.Slave with { SlaveOfId = null } },
            good with { Slave = good.Slave with { Lifecycle = Lifecycle.Failed } },
            good with { Slave = good.Slave with { BinaryLog = BinaryLogChoice.Always } },
        ];

        Assert.True(BackupServers.IsFit(Master, good));
        Assert.All(bad, one => Assert.Null(BackupServers.Choose(Master, [one])));
    }

    private static SlaveSeen Slave(string id, double? lag = 1) => new(
        new Instance { Id = id, SlaveOfId = "m", Lifecycle = Lifecycle.Ready },
        new GuestState { InstanceId = id, ServerState = "Healthy", Follows = true, Replicating = true, LagSeconds = lag },
        IsAnswering: true,
        CanBackUp: true);
}
