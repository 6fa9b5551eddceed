using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>However often and at once it is asked for, there is one deletion.</summary>
public sealed class DeletionTests
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Deletes_that_meet_while_a_creation_is_undone_start_one_deletion()
    {
        MeetingDatabase? meeting = null;
        await using var api = await TestApi.StartAsync(wrap: inner => meeting = new MeetingDatabase(inner));
        var id = await api.CreateAsync();
        (await api.PostAsync($"/instances/{id}/action", """{"reset_status": {"force_delete": 1}}""")).Expect(202);
        meeting!.Expect(AtOnce);

        var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => api.DeleteAsync($"/instances/{id}")));

        Assert.All(replies, reply => reply.Expect(202));
        Assert.Equal(
            [OperationKinds.CreateInstance, OperationKinds.DeleteInstance],
            (await api.OperationsAsync(id)).Select(operation => operation.Kind));
    }

    [Fact]
    public async Task Deletes_of_a_free_instance_that_meet_start_one_deletion()
    {
        MeetingDatabase? meeting = null;
        await using var api = await TestApi.StartAsync(wrap: inner => meeting = new MeetingDatabase(inner));
        var id = await api.CreateReadyAsync();
        meeting!.Expect(AtOnce);

        var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => api.DeleteAsync($"/instances/{id}")));

        Assert.All(replies, reply => reply.Expect(202));
        Assert.Single(await api.OperationsAsync(id));
    }

    [Fact]
    public async Task A_delete_that_comes_when_the_first_one_has_not_taken_the_free_instance_yet_is_the_same_one()
    {
        await using var api = await TestApi.StartAsync();
        var id = await api.CreateReadyAsync();
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(202);
        (await api.PostAsync($"/instances/{id}/action", """{"reset_status": {"force_delete": 1}}""")).Expect(202);
        (await api.DeleteAsync($"/instances/{id}")).Expect(202);
        var restart = (await api.OperationsAsync(id))[0];
        await api.Database.WriteAsync(unit => OperationRows.End(unit, restart.Id, OperationStatus.Failed, 1), CancellationToken.None);

        (await api.DeleteAsync($"/instances/{id}")).Expect(202);

        Assert.Equal(OperationKinds.DeleteInstance, Assert.Single(await api.OperationsAsync(id)).Kind);
        Assert.Equal("SHUTDOWN", (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"restart": {}}""")]
    [InlineData("""{"resize": {"volume": {"size": 5}}}""")]
    [InlineData("""{"resize": {"flavorRef": "8"}}""")]
    public async Task A_busy_instance_is_given_up_for_its_deletion(string action)
    {
        await using var api = await TestApi.StartAsync();
        var id = await api.CreateReadyAsync();
        (await api.PostAsync($"/instances/{id}/action", action)).Expect(202);

        (await api.DeleteAsync($"/instances/{id}")).Expect(202);
        (await api.DeleteAsync($"/instances/{id}")).Expect(202);

        var operations = await api.OperationsAsync(id);
        Assert.Equal(2, operations.Count);
        Assert.Equal(OperationKinds.DeleteInstance, operations[1].Kind);
        Assert.Equal(operations[1].Id, operations[0].SupersededBy);
        Assert.Equal("SHUTDOWN", (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_deletion_takes_over_what_was_given_up_before()
    {
        await using var api = await TestApi.StartAsync();
        var id = await api.CreateAsync();
        (await api.PostAsync($"/instances/{id}/action", """{"reset_status": {"force_delete": 1}}""")).Expect(202);

        (await api.DeleteAsync($"/instances/{id}")).Expect(202);

        var operations = await api.OperationsAsync(id);
        Assert.Equal(operations[1].Id, operations[0].SupersededBy);
    }

    [Fact]
    public async Task A_slave_is_deleted_while_its_master_is_busy_and_its_master_is_not()
    {
        await using var api = await TestApi.StartAsync();
        var master = await api.CreateReadyAsync();
        var slave = await api.CreateSlaveAsync(master, "s1");
        await api.FinishAsync(slave);
        (await api.PostAsync($"/instances/{master}/action", """{"restart": {}}""")).Expect(202);

        (await api.DeleteAsync($"/instances/{slave}")).Expect(202);

        Assert.Equal(OperationKinds.DeleteInstance, (await api.OperationsAsync(slave))[^1].Kind);
        (await api.DeleteAsync($"/instances/{master}")).ExpectFault(403, "Detach replicas");
    }

    /// <summary>Lets the first writes begin together: whoever writes has read before any of the others wrote.</summary>
    private sealed class MeetingDatabase(IDatabase inner) : IDatabase
    {
        private readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int missing;

        public void Expect(int writers) => missing = writers;

        public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) => inner.ReadAsync(work, cancellationToken);

        public async Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken)
        {
            if (missing > 0)
            {
                if (Interlocked.Decrement(ref missing) == 0)
                {
                    met.TrySetResult();
                }

                await met.Task.WaitAsync(Soon, cancellationToken);
            }

            return await inner.WriteAsync(work, cancellationToken);
        }
    }
}
