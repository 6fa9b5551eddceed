using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>A master that is off, and whose place may be taken: an administrator does not start it beside its successor.</summary>
public sealed class FormerMasterTests : OnReplicaSet
{
    private static readonly Func<GuestState, GuestState> StandsBy = guest => guest with { SourceLost = true };

    [Theory]
    [InlineData("rebuild")]
    [InlineData("evacuate")]
    public async Task It_is_given_a_server_when_all_its_slaves_stand_by_for_it(string action)
    {
        await BreakAsync();
        var failed = await Api.CreateReadyAsync();
        await WriteAsync(unit =>
        {
            unit.Execute("UPDATE instances SET slave_of_id = @Master WHERE id = @failed", new { Master, failed });
            InstanceChanges.SetFault(unit, failed, Lifecycle.Failed, "It was not created.", null, 1_700_000_000_000);
        });

        (await ActAsync(action)).Expect(202);
    }

    [Theory]
    [InlineData("takes writes")]
    [InlineData("was told to receive nothing")]
    [InlineData("has a database that is down")]
    public async Task It_is_not_when_a_slave_does_not_say_so(string how)
    {
        await BreakAsync();
        await Api.FinishAsync(Second, guest => how switch
        {
            "takes writes" => guest with { Follows = false, ReadOnly = false },
            "was told to receive nothing" => guest with { Receiving = false, SourceLost = false },
            _ => guest with { ServerState = "Crashed", Follows = false, ReadOnly = false },
        });

        foreach (var action in new[] { "rebuild", "evacuate" })
        {
            (await ActAsync(action)).ExpectFault(422, $"Replica {Second} does not say that it stands by");
        }

        Assert.Empty(await Api.OperationsAsync(Master));
    }

    [Fact]
    public async Task It_is_not_when_a_slave_is_silent()
    {
        await BreakAsync();
        await Api.SilenceAsync(First);

        (await ActAsync("rebuild")).ExpectFault(422, $"Replica {First} does not say that it stands by");
    }

    /// <summary>Its server works, and its host may be dead: that is judged by the plane, and no ejection has left it.</summary>
    [Fact]
    public async Task One_that_is_not_broken_does_not_depend_on_its_slaves()
    {
        await Api.SilenceAsync(First);

        (await ActAsync("evacuate")).Expect(202);

        Assert.Single(await Api.OperationsAsync(Master), one => one.Kind == OperationKinds.Evacuate);
    }

    private async Task BreakAsync()
    {
        await Api.FinishAsync(First, StandsBy);
        await Api.FinishAsync(Second, StandsBy);
        await WriteAsync(unit => InstanceChanges.SetFault(unit, Master, Lifecycle.Broken, "It stays off.", null, 1_700_000_000_000));
    }

    private Task WriteAsync(Action<IUnit> write) => Api.Database.WriteAsync(write, CancellationToken.None);

    private Task<Reply> ActAsync(string action) =>
        Api.PostAsync($"/mgmt/instances/{Master}/action", $$"""{"{{action}}": {} }""", TestApi.Admin);
}
