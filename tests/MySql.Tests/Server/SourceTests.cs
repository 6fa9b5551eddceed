using System.Text.Json;
using Dbaas.Datastores.MySql;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.MySql.Tests.Server;

/// <summary>When a slave's threads are not as its record wants them.</summary>
public sealed class SourceTests
{
    private const int DuplicateKey = 1062;

    private static Source Master => new()
    {
        InstanceId = "m", Host = "h", Port = 1, User = "u", Password = "p", SlaveId = "s", Configured = true,
    };

    [Theory]
    [InlineData("Yes", "Yes", 0, false)]
    [InlineData("Connecting", "Yes", 0, false)]
    [InlineData("No", "No", 0, true)]
    [InlineData("No", "Yes", 0, false)]
    [InlineData("Yes", "No", DuplicateKey, false)]
    public void One_that_follows_is_to_be_started_with_both(string receiver, string applier, int error, bool isAmiss) =>
        Assert.Equal(isAmiss, Master.IsAmiss(Status(receiver, applier, error)));

    [Theory]
    [InlineData("Yes", "Yes", 0, true)]
    [InlineData("Connecting", "Yes", 0, true)]
    [InlineData("No", "No", 0, true)]
    [InlineData("No", "Yes", 0, false)]
    [InlineData("No", "No", DuplicateKey, false)]
    public void One_that_is_to_receive_nothing_only_applies(string receiver, string applier, int error, bool isAmiss) =>
        Assert.Equal(isAmiss, (Master with { Unheard = true }).IsAmiss(Status(receiver, applier, error)));

    [Fact]
    public void What_cannot_be_read_again_is_thrown_away_by_either()
    {
        var damaged = Status("No", "No", DuplicateKey) with { IsDamaged = true };

        Assert.True(Master.IsAmiss(damaged));
        Assert.True((Master with { Unheard = true }).IsAmiss(damaged));
    }

    /// <summary>What was left from before a start and cannot be applied is not thrown away while nothing is received.</summary>
    [Fact]
    public void What_is_left_over_is_tried_again_only_where_it_may_be_received_again()
    {
        var failed = Status("No", "No", DuplicateKey) with { LeftOver = true };
        var done = Status("No", "Yes", 0) with { LeftOver = true, LeftOverApplied = true };

        Assert.True(Master.IsAmiss(failed));
        Assert.False((Master with { Unheard = true }).IsAmiss(failed));
        Assert.True(Master.IsAmiss(done));
        Assert.True((Master with { Unheard = true }).IsAmiss(done));
    }

    [Fact]
    public void The_threads_of_one_that_never_followed_are_let_be()
    {
        var fresh = Master with { Fresh = true, Configured = false, Unheard = true };

        Assert.False(fresh.IsAmiss(Status("No", "No", 0)));
        Assert.False((Master with { Configured = false }).IsAmiss(Status("No", "No", 0)));
    }

    [Fact]
    public void The_record_of_an_older_agent_says_that_a_slave_receives()
    {
        var record = JsonSerializer.Deserialize(
            """{"following":{"instance_id":"m","host":"h","port":1,"user":"u","password":"p","slave_id":"s","configured":true}}""",
            FamilyJson.Default.MemberState)!;

        Assert.False(record.Following!.Unheard);
        Assert.True(record.Following.HasThreads);
    }

    private static ReplicaStatus Status(string receiver, string applier, int error) => new()
    {
        SourceHost = "h",
        SourcePort = 1,
        SourceUser = "u",
        Receiver = receiver,
        Applier = applier,
        ReceiverErrorNumber = 0,
        ReceiverError = "",
        ApplierErrorNumber = error,
        ApplierError = "",
        Received = "",
        Applied = "",
    };
}
