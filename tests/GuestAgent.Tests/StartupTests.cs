using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Tests;

public sealed class StartupTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_agent_that_is_started_before_its_bootstrap_document_is_written_waits_for_it()
    {
        var path = folder.Below("bootstrap.json");

        var start = Startup.RunAsync(new FileInfo(path), ProtocolRange.Ours, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(
            () => start.WaitAsync(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(path, "of no use", TestContext.Current.CancellationToken);

        Assert.Equal(2, await start.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }
}
