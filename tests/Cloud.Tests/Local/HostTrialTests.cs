using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Tests.Local;

/// <summary>What this machine cannot do is found out once, at the service's start.</summary>
public sealed class HostTrialTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbaas-trial-");
    private readonly PlanePaths _paths;

    public HostTrialTests() => _paths = new PlanePaths(_folder.FullName);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task This_machine_keeps_servers_apart_and_the_trial_leaves_nothing()
    {
        Assert.Null(await HostTrial.WhyNotIsolatedAsync(_paths, Cancellation));

        Assert.DoesNotContain(
            _paths.TrialNamespace, await HostCommand.RunAsync("ip", ["netns", "list"], Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_that_was_cut_off_is_in_nobodys_way()
    {
        await HostCommand.RunAsync("ip", ["netns", "add", _paths.TrialNamespace], Cancellation);

        Assert.Null(await HostTrial.WhyNotIsolatedAsync(_paths, Cancellation));
        Assert.DoesNotContain(
            _paths.TrialNamespace, await HostCommand.RunAsync("ip", ["netns", "list"], Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_machine_refuses_is_told_in_its_own_words()
    {
        // Nothing that `ip` could remove, or put a namespace in the place of.
        var inTheWay = Directory.CreateDirectory($"/run/netns/{_paths.TrialNamespace}");
        try
        {
            var why = await HostTrial.WhyNotIsolatedAsync(_paths, Cancellation);

            Assert.Contains("this machine refused a trial: ip failed", why, StringComparison.Ordinal);
            Assert.Contains("File exists", why, StringComparison.Ordinal);
        }
        finally
        {
            inTheWay.Delete();
        }
    }
}
