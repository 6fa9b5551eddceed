using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;
using static Dbaas.Cloud.Tests.Local.PlaneFixture;

namespace Dbaas.Cloud.Tests.Local;

public sealed class HostCommandTests
{
    /// <summary>It names folders and devices of the host, which are no user's business.</summary>
    [Fact]
    public async Task What_a_program_of_the_host_says_about_its_failure_is_for_administrators()
    {
        var fault = await Assert.ThrowsAsync<CloudException>(
            () => HostCommand.RunAsync("umount", ["/proc/nowhere-of-the-host"], Cancellation));

        Assert.DoesNotContain("/proc", fault.Message, StringComparison.Ordinal);
        Assert.Contains("/proc/nowhere-of-the-host", fault.Details, StringComparison.Ordinal);
        Assert.Contains("/proc/nowhere-of-the-host", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_missing_is_named_with_its_package()
    {
        var fault = await Assert.ThrowsAsync<CloudException>(() => HostCommand.RunAsync("no-such-program", [], Cancellation));

        Assert.Contains("The program no-such-program is missing", fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsTransient);
    }
}
