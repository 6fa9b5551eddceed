using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Tests;

public sealed class RoleLeaseTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Clock clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nothing_is_held_before_the_first_answer()
    {
        var role = Start();

        Assert.Equal((0, TimeSpan.Zero), (role.Epoch, role.Left));
    }

    [Fact]
    public void The_lease_counts_from_when_the_report_was_sent_and_runs_out()
    {
        var role = Start();
        var sentAt = clock.GetTimestamp();
        clock.Pass(4);

        role.Accept(new ReportAnswer(10, 30, 1), sentAt);

        Assert.Equal(TimeSpan.FromSeconds(26), role.Left);
        clock.Pass(27);
        Assert.Equal(TimeSpan.Zero, role.Left);
    }

    [Fact]
    public void The_highest_epoch_outlives_the_agent_and_the_lease_does_not()
    {
        Start().Accept(new ReportAnswer(10, 30, 7), clock.GetTimestamp());

        var again = Start();

        Assert.Equal((7, TimeSpan.Zero), (again.Epoch, again.Left));
    }

    [Fact]
    public void An_answer_for_an_earlier_role_grants_nothing()
    {
        var role = Start();
        role.Accept(new ReportAnswer(10, 30, 7), clock.GetTimestamp());

        role.Accept(new ReportAnswer(10, 3000, 6), clock.GetTimestamp());

        Assert.Equal((7, TimeSpan.FromSeconds(30)), (role.Epoch, role.Left));
    }

    [Fact]
    public void An_epoch_that_cannot_be_written_down_does_not_count_and_grants_nothing()
    {
        var lines = new List<string>();
        var role = new RoleLease(Path.Combine(folder.Path, "missing"), clock, lines.Add);

        role.Accept(new ReportAnswer(10, 30, 7), clock.GetTimestamp());

        Assert.Equal((0, TimeSpan.Zero), (role.Epoch, role.Left));
        Assert.Single(lines);
    }

    private RoleLease Start() => new(folder.Path, clock, _ => { });

    private sealed class Clock : TimeProvider
    {
        private long seconds = 1000;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => seconds;

        public void Pass(long more) => seconds += more;
    }
}
