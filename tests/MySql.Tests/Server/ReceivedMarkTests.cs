using Dbaas.Datastores.Conformance.Direct;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.MySql.Tests.Server;

/// <summary>What a slave received is written down when it lags, and only then.</summary>
public sealed class ReceivedMarkTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-received");
    private readonly Clock clock = new();
    private readonly MemberStore member;
    private readonly ReceivedMark mark;
    private readonly MariaDbFlavor flavor = new();

    public ReceivedMarkTests()
    {
        member = new MemberStore(new ServerLayout(Host()));
        member.State = new MemberState { Following = Master };
        mark = new ReceivedMark(flavor, member, clock);
    }

    private static Source Master => new() { InstanceId = "m", Host = "h", Port = 1, User = "u", Password = "p", SlaveId = "s" };

    private string Record => member.State.Following?.Received ?? "(follows nobody)";

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_slave_that_applies_until_the_next_look_what_it_receives_writes_nothing_however_much_that_is()
    {
        for (var at = 10; at < 1000; at += 10)
        {
            Assert.False(mark.IsToBeNoted(Status($"0-1-{at}", $"0-1-{at + 10}")));
        }

        Assert.False(mark.IsToBeNoted(Status("0-1-1000", "0-1-1000")));
        Assert.False(mark.IsToBeNoted(null));
        Assert.Equal("", Record);
    }

    [Fact]
    public void A_slave_that_lags_writes_what_it_received_and_not_with_every_look()
    {
        Assert.False(Look(Status("0-1-10", "0-1-20")));
        Assert.True(Look(Status("0-1-15", "0-1-25")));
        Assert.Equal("0-1-25", Record);

        Assert.False(Look(Status("0-1-16", "0-1-30")));
        Assert.False(Look(Status("0-1-16", "0-1-35")));
        clock.Seconds += 10;
        Assert.True(Look(Status("0-1-17", "0-1-40")));
        Assert.Equal("0-1-40", Record);

        clock.Seconds += 10;
        Assert.False(Look(Status("0-1-17", "0-1-40")));
        Assert.False(Look(Status("0-1-17", "0-1-40")));
    }

    [Fact]
    public void It_lags_in_one_of_two_domains_and_behind_the_last_of_two_masters()
    {
        Look(Status("0-1-10,1-1-5", "0-1-10,1-1-7"));
        Look(Status("0-1-10,1-1-5", "0-1-10,1-1-7"));
        clock.Seconds += 10;
        Look(Status("0-1-10,1-1-5", "0-2-11,1-1-7"));
        Look(Status("0-1-10,1-1-5", "0-2-11,1-1-7"));

        Assert.Equal("0-1-10,0-2-11,1-1-7", Record);
    }

    [Fact]
    public void Nothing_is_noted_of_a_server_that_follows_nobody()
    {
        member.State = new MemberState();

        mark.Note(Status("0-1-10", "0-1-20"));

        Assert.Equal("(follows nobody)", Record);
    }

    private bool Look(ReplicaStatus status)
    {
        var isToBeNoted = mark.IsToBeNoted(status);
        if (isToBeNoted)
        {
            mark.Note(status);
        }

        return isToBeNoted;
    }

    private static ReplicaStatus Status(string applied, string received) => new()
    {
        SourceHost = "h",
        SourcePort = 1,
        SourceUser = "u",
        Receiver = "Yes",
        Applier = "Yes",
        ReceiverErrorNumber = 0,
        ReceiverError = "",
        ApplierErrorNumber = 0,
        ApplierError = "",
        Received = received,
        Applied = applied,
    };

    private DatastoreHost Host()
    {
        var launcher = new HostLauncher();
        return new DatastoreHost
        {
            InstanceId = "s", Address = "10.0.0.2", Port = 3306, VolumePath = folder.FullName, StatePath = folder.FullName,
            RunPath = "/run", MemoryMb = 256, Cpus = 1,
            Processes = new DirectProcesses(launcher), Supervisor = new DirectSupervisor(launcher),
            PeerStreams = new DirectPeerStreams(new PeerStreamHub(), "s"), Time = clock, Tell = (_, _) => { },
            Log = _ => { },
        };
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; } = 1;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
