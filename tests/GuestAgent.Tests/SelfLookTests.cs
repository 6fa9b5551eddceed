using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Tests.Fakes;

namespace Dbaas.GuestAgent.Tests;

public sealed class SelfLookTests
{
    [Fact]
    public void An_agent_knows_how_its_own_process_is()
    {
        var seen = new SelfLook(RunningAgent.Bootstrap("/tmp", "i", "s", "a")).Diagnostics();

        Assert.Equal(AgentVersion.Text, seen.Version);
        Assert.InRange(seen.Threads, 2, 1000);
        Assert.True(seen is { FdSize: > 0, VmRss: > 1000 } && seen.VmHwm >= seen.VmRss && seen.VmPeak >= seen.VmSize, seen.ToString());
    }

    [Fact]
    public void A_server_has_what_the_plane_lets_it_have_and_never_more_than_the_machine()
    {
        var small = RunningAgent.Bootstrap("/tmp", "i", "s", "a");

        Assert.Equal(512L * 1024, new SelfLook(small).Hardware().MemoryKb);
        Assert.Equal(1, new SelfLook(small).Hardware().Cpus);

        var large = new SelfLook(small with { MemoryMb = int.MaxValue, Cpus = int.MaxValue }).Hardware();

        Assert.InRange(large.MemoryKb, 512 * 1024, 1L << 40);
        Assert.Equal(Environment.ProcessorCount, large.Cpus);
    }
}
