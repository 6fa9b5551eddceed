using Dbaas.Persistence;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class AmbiguousCommitTests
{
    [Fact]
    public async Task A_unit_that_is_run_again_after_its_commit_got_lost_writes_once_and_succeeds()
    {
        TwiceDatabase? twice = null;
        await using var api = await TestApi.StartAsync(wrap: inner => twice = new TwiceDatabase(inner));
        twice!.IsOn = true;

        var id = await api.CreateAsync();

        Assert.Single((await api.GetAsync("/instances")).Expect(200)["instances"]!.AsArray());
        Assert.Equal(1, (await api.GetAsync("/mgmt/quotas/red")).Expect(200)["quotas"]![1]!["in_use"]!.GetValue<int>());
        twice.IsOn = false;
        await api.FinishAsync(id);
        twice.IsOn = true;
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(202);
        Assert.Single(await api.OperationsAsync(id));
    }

    /// <summary>
    /// Runs every write twice, each in a transaction of its own: what happens when only the answer to the commit was lost.
    /// </summary>
    private sealed class TwiceDatabase(IDatabase inner) : IDatabase
    {
        public bool IsOn { get; set; }

        public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) => inner.ReadAsync(work, cancellationToken);

        public async Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken)
        {
            if (IsOn)
            {
                await inner.WriteAsync(work, cancellationToken);
            }

            return await inner.WriteAsync(work, cancellationToken);
        }
    }
}
