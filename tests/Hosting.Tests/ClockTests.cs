using System.Net;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Hosting.Tests;

/// <summary>A node's clock goes off while it runs: libfaketime gives the process one that is set by a file.</summary>
public sealed class ClockTests(ControlMariaDb database) : IClassFixture<ControlMariaDb>, IDisposable
{
    // Two beats, and a busy machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbh");
    private readonly HttpClient http = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Clock => Path.Combine(folder.FullName, "clock");

    public void Dispose()
    {
        http.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_node_whose_clock_goes_off_while_it_runs_says_so_is_not_ready_and_is_ready_again_when_the_clock_is_right()
    {
        var settings = NodeSettings.Api(Path.Combine(folder.FullName, "a"), "one", database.ConnectionString);
        var ready = new Uri($"http://127.0.0.1:{settings["ApiPort"]}/readiness");
        FakeClock.Set(Clock, TimeSpan.Zero);
        await using var node = RunningNode.Start(Repository.TroveApi, settings, FakeClock.By(Clock));
        await Eventually.HoldsAsync("it is ready", Soon, async () => (await AskAsync(ready)).Status == HttpStatusCode.OK);

        FakeClock.Set(Clock, TimeSpan.FromHours(1));

        const string words = "The clock of this node is 60 minutes ahead of the control database's.";
        var (_, said) = await Eventually.SeeAsync(
            "it is not", Soon, () => AskAsync(ready), answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        Assert.StartsWith(words, said, StringComparison.Ordinal);
        await node.AwaitLogAsync(words);

        FakeClock.Set(Clock, TimeSpan.Zero);
        await Eventually.HoldsAsync("it is again", Soon, async () => (await AskAsync(ready)).Status == HttpStatusCode.OK);
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(Uri ready)
    {
        using var answer = await http.GetAsync(ready, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
