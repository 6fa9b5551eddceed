using System.Text.Json;
using Dbaas.Domain.Notices;
using Dbaas.Domain.Operations;

namespace Dbaas.Domain.Tests.Notices;

public sealed class NoticePayloadsTests
{
    private static readonly Notice Told = new()
    {
        Id = "h", Event = "dbaas.instance_create.end", InstanceId = "i", TenantId = "red", Name = "shop", FlavorId = "7", VolumeSize = 2,
        Lifecycle = "Ready", Detail = "It broke.",
    };

    [Theory]
    [InlineData("dbaas.instance_create.start", "api", false)]
    [InlineData("dbaas.instance_create.end", "taskmanager", false)]
    [InlineData("dbaas.instance_create.error", "taskmanager", true)]
    public void Who_says_it_and_why_it_failed_follow_from_the_event(string @event, string service, bool says)
    {
        var payload = NoticePayloads.OfOperation(Told with { Event = @event }, ("mariadb", "10.11"), "here", null);

        Assert.Equal(service, payload["server_type"]);
        Assert.Equal(says ? "It broke." : null, payload.GetValueOrDefault("message"));
        Assert.Equal(says ? "It broke." : null, payload.GetValueOrDefault("exception"));
        Assert.Equal(("i", "mariadb", "10.11"), (payload["instance_id"], payload["datastore"], payload["datastore_version"]));
    }

    [Fact]
    public void A_backup_is_named_where_the_operation_is_about_one()
    {
        var payload = NoticePayloads.OfOperation(Told, ("mariadb", "10.11"), "here", Subject.Backup("b"));

        Assert.Equal("b", payload["backup_id"]);
        Assert.DoesNotContain(
            "backup_id", NoticePayloads.OfOperation(Told, ("mariadb", "10.11"), "here", Subject.Instance("i")).Keys);
    }

    public static TheoryData<string, object, string, string?> Wishes => new()
    {
        { OperationKinds.ResizeVolume, new ResizeVolumeGoal(9), "new_size", "9" },
        { OperationKinds.ResizeFlavor, new ResizeFlavorGoal("8", 512), "new_flavor_id", "8" },
        { OperationKinds.Migrate, new MigrateGoal("host-2"), "host", "host-2" },
        { OperationKinds.Migrate, new MigrateGoal(null), "host", null },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public void What_an_operation_is_to_bring_is_said_in_troves_words(string kind, object goal, string trait, string? expected)
    {
        var wanted = NoticeWishes.Of(new Operation { Kind = kind, Goal = JsonSerializer.Serialize(goal, JsonSerializerOptions.Web) });

        var payload = NoticePayloads.OfOperation(
            Told with { Wanted = wanted, ClientIp = "192.0.2.7" }, ("mariadb", "10.11"), "here", null);

        Assert.Equal(expected, payload[trait]?.ToString());
        Assert.Equal("192.0.2.7", payload["client_ip"]);
    }

    [Theory]
    [InlineData(OperationKinds.CreateInstance, """{"users":[{"name":"a","password":"secret"}]}""")]
    [InlineData(OperationKinds.ResizeVolume, null)]
    public void Of_other_goals_and_of_none_nothing_is_told(string kind, string? goal) =>
        Assert.Null(NoticeWishes.Of(new Operation { Kind = kind, Goal = goal }));

    [Theory]
    [InlineData("Ready", "active")]
    [InlineData("Building", "build")]
    [InlineData("Broken", "error")]
    public void Use_has_the_state_in_troves_words(string lifecycle, string state) =>
        Assert.Equal(state, NoticePayloads.OfUse(Told with { Lifecycle = lifecycle }, "mariadb", "here", null)["state"]);

    [Fact]
    public void An_hour_begins_where_it_is_said_to_and_ends_an_hour_later()
    {
        var payload = NoticePayloads.OfUse(Told, "mariadb", "here", 1_800_003_600_000);

        Assert.Equal("2027-01-15T09:00:00Z", payload["audit_period_beginning"]);
        Assert.Equal("2027-01-15T10:00:00Z", payload["audit_period_ending"]);
        Assert.DoesNotContain("audit_period_ending", NoticePayloads.OfUse(Told, "mariadb", "here", null).Keys);
    }
}
