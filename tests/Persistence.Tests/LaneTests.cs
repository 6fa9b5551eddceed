using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public sealed class LaneTests(SqliteControlDatabase on) : IClassFixture<SqliteControlDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_many_agents_wait_for_the_database_an_operation_keeps_its_claim_and_a_user_is_answered()
    {
        using var database = on.Open(on.Dialect, threads: 2);
        using var release = new ManualResetEventSlim();
        var agents = Enumerable.Range(0, 100).Select(_ => database.In(DatabaseLane.Agents).ReadAsync(
            unit =>
            {
                release.Wait(Token);
                return ControlPlaneRows.Now(unit);
            },
            Token)).ToList();

        var engine = database.In(DatabaseLane.Agents).In(DatabaseLane.Engine).WriteAsync(ControlPlaneRows.Now, Token);
        var user = database.ReadAsync(ControlPlaneRows.Now, Token);
        await Task.WhenAll(engine, user).WaitAsync(Patience, Token);

        Assert.DoesNotContain(agents, agent => agent.IsCompleted);
        release.Set();
        await Task.WhenAll(agents).WaitAsync(Patience, Token);
    }
}
