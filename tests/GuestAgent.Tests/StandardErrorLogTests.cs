using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

/// <summary>The agent as a program, whose standard error is a file.</summary>
public sealed class StandardErrorLogTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Log => folder.Below("agent.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_log_that_is_large_gets_another_name_and_begins_anew_and_no_more_than_two_are_kept()
    {
        for (var turn = 1; turn <= 2; turn++)
        {
            await using (var large = new FileStream(Log, FileMode.OpenOrCreate))
            {
                large.SetLength(StandardErrorLog.Largest + turn);
            }

            await RunAsync($"turn-{turn}.json");

            Assert.Equal(StandardErrorLog.Largest + turn, new FileInfo(Log + ".1").Length);
            Assert.InRange(new FileInfo(Log).Length, 1, 1000);
            Assert.Equal(["agent.log", "agent.log.1"], Files());
        }
    }

    [Fact]
    public async Task A_log_that_is_not_large_goes_on()
    {
        await RunAsync("one.json");
        await RunAsync("two.json");

        Assert.Equal(2, (await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken)).Length);
        Assert.Equal(["agent.log"], Files());
    }

    /// <summary>What it says is lost; what it does is not.</summary>
    [Fact]
    public async Task A_log_for_which_there_is_no_room_is_no_reason_to_fail()
    {
        Assert.True(Environment.IsPrivilegedProcess, "Loop devices are for root only.");
        await using var volume = await SmallFileSystem.MakeAsync(folder.Below("volume"), megabytes: 16);
        volume.TakeAllFromRoot();

        var agent = await StartAsync("one.json", Path.Combine(folder.Below("volume"), "agent.log"));

        var end = await Eventually.SeeAsync(
            "the agent's end", DispatcherHarness.Soon, () => Task.FromResult(ChildEnd.Collect(agent)), ended => ended is not null);
        Assert.Equal("exit code 2", end);
    }

    /// <summary>It says that it cannot read this, and ends.</summary>
    private async Task<int> StartAsync(string document, string log)
    {
        var path = folder.Below(document);
        await File.WriteAllTextAsync(path, "{", TestContext.Current.CancellationToken);
        var program = Path.Combine(AppContext.BaseDirectory, "Dbaas.GuestAgent");
        return DetachedStart.Start([program, "--bootstrap", path], folder.Path, new Dictionary<string, string>(), log);
    }

    private async Task RunAsync(string document)
    {
        await StartAsync(document, Log);
        await Eventually.HoldsAsync(
            $"the agent's words about {document}",
            DispatcherHarness.Soon,
            async () => (await File.ReadAllTextAsync(Log)).Contains(document, StringComparison.Ordinal));
        File.Delete(folder.Below(document));
    }

    private IEnumerable<string?> Files() => Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order();
}
