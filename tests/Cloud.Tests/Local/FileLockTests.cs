using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.Local;

public sealed class FileLockTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-locks-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task One_that_another_holds_is_waited_for_and_had_when_that_lets_go()
    {
        var held = await FileLock.TakeAsync(In("a"), TimeProvider.System, Cancellation);
        var next = FileLock.TakeAsync(In("a"), TimeProvider.System, Cancellation);
        Assert.False(next.IsCompleted);

        held.Dispose();

        using var had = await next.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task One_that_another_does_not_let_go_of_is_said_when_patience_is_over()
    {
        using var held = await FileLock.TakeAsync(In("a"), TimeProvider.System, Cancellation);

        var refused = await Assert.ThrowsAsync<CloudException>(
            () => FileLock.TakeAsync(In("a"), TimeProvider.System, Cancellation, TimeSpan.FromMilliseconds(50)));

        Assert.True(refused.IsTransient);
    }

    [Fact]
    public async Task A_file_that_cannot_be_made_is_no_lock_that_another_holds_and_is_not_waited_for()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<PathTooLongException>(
            () => FileLock.TakeAsync(In(new string('a', 300)), TimeProvider.System, limit.Token, Timeout.InfiniteTimeSpan));
    }

    private string In(string name) => Path.Combine(folder.FullName, name);
}
