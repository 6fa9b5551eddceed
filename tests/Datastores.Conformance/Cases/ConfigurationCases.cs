using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Parameters are changed while the server serves.</summary>
[Needs("configuration")]
public abstract class ConfigurationCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    private ParameterWords Words => fixture.Parameters;

    [Fact]
    public async Task What_a_running_server_takes_is_in_force_at_once_and_after_a_restart_until_it_is_taken_away()
    {
        var instance = await fixture.NewMasterAsync();
        var before = await SeeAsync(instance, Words.Live);

        Assert.Empty(await ApplyAsync(instance, Words.Live));
        Assert.Equal(Words.Live.Number, await SeeAsync(instance, Words.Live));
        Assert.Equal(1, instance.Supervisor.Starts);

        await instance.Server.RestartAsync(() => { }, None);
        Assert.Equal(Words.Live.Number, await SeeAsync(instance, Words.Live));

        Assert.Empty(await ApplyAsync(instance));
        Assert.Equal(before, await SeeAsync(instance, Words.Live));
        Assert.Null((await instance.Server.GetStatusAsync(None)).Configuration);
    }

    [Fact]
    public async Task What_only_a_start_takes_waits_for_one_and_is_told_until_then()
    {
        var instance = await fixture.NewMasterAsync();
        var before = await SeeAsync(instance, Words.AtStart);

        Assert.Equal([Words.AtStart.Name], await ApplyAsync(instance, Words.Live, Words.AtStart));
        await instance.RestartAgentAsync();
        await instance.Server.ResumeAsync(None);
        Assert.Equal([Words.AtStart.Name], (await instance.Server.GetStatusAsync(None)).Configuration!.WaitForRestart);
        Assert.Equal(before, await SeeAsync(instance, Words.AtStart));

        await instance.Server.RestartAsync(() => { }, None);
        Assert.Null((await instance.Server.GetStatusAsync(None)).Configuration);
        Assert.Equal(Words.AtStart.Number, await SeeAsync(instance, Words.AtStart));
    }

    [Fact]
    public async Task What_waits_for_a_restart_and_is_taken_away_before_it_waits_no_more()
    {
        var instance = await fixture.NewMasterAsync();
        Assert.Equal([Words.AtStart.Name], await ApplyAsync(instance, Words.AtStart));

        Assert.Empty(await ApplyAsync(instance));

        Assert.Null((await instance.Server.GetStatusAsync(None)).Configuration);
    }

    [Fact]
    public async Task A_value_that_the_server_refuses_changes_nothing()
    {
        var instance = await fixture.NewMasterAsync();
        var before = await SeeAsync(instance, Words.Live);

        var refused = await Assert.ThrowsAsync<DatastoreException>(() => ApplyAsync(instance, Words.Live, Words.AtStart, Words.Refused));

        Assert.Equal(FaultKind.Precondition, refused.Kind);
        Assert.Contains(Words.Refused.Name, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await SeeAsync(instance, Words.Live));
        Assert.Null((await instance.Server.GetStatusAsync(None)).Configuration);
        await instance.Server.RestartAsync(() => { }, None);
        Assert.Equal(before, await SeeAsync(instance, Words.Live));
    }

    [Fact]
    public async Task A_restart_that_fails_goes_back_to_the_former_values_and_says_so()
    {
        var instance = await fixture.NewMasterAsync();
        await ApplyAsync(instance, Words.AtStart);
        await instance.Server.RestartAsync(() => { }, None);
        Assert.Equal([Words.Fatal.Name], await ApplyAsync(instance, Words.AtStart, Words.Fatal));

        await instance.Server.RestartAsync(() => { }, None);

        var status = await instance.Server.GetStatusAsync(None);
        Assert.Equal(ServerState.Healthy, status.State);
        Assert.True(status.Configuration!.GivenUp!.Contains(Words.Word, StringComparison.Ordinal), status.Configuration.GivenUp);
        Assert.Empty(status.Configuration.WaitForRestart);
        Assert.Contains("configuration-given-up", Assert.Single(instance.Told), StringComparison.Ordinal);
        Assert.Equal(Words.AtStart.Number, await SeeAsync(instance, Words.AtStart));

        Assert.Empty(await ApplyAsync(instance, Words.AtStart));
        Assert.Null((await instance.Server.GetStatusAsync(None)).Configuration);
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_and_does_not_start_again_goes_back_too()
    {
        var instance = await fixture.NewMasterAsync();
        await ApplyAsync(instance, Words.Fatal);

        instance.Supervisor.Kill();

        await Eventually.SeeAsync(
            "the server runs with its former values",
            TimeSpan.FromSeconds(60),
            () => instance.Server.GetStatusAsync(None),
            status => status is { State: ServerState.Healthy, Configuration.GivenUp: not null });
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_comes_back_with_its_new_values()
    {
        var instance = await fixture.NewMasterAsync();
        await ApplyAsync(instance, Words.AtStart);

        instance.Supervisor.Kill();

        await Eventually.SeeAsync(
            "nothing waits any more",
            TimeSpan.FromSeconds(60),
            () => instance.Server.GetStatusAsync(None),
            status => status is { State: ServerState.Healthy, Configuration: null });
        Assert.Equal(Words.AtStart.Number, await SeeAsync(instance, Words.AtStart));
    }

    [Fact]
    public async Task A_change_that_is_cut_off_anywhere_is_all_or_nothing_for_the_next_start_and_is_done_when_it_is_repeated()
    {
        var instance = await fixture.NewMasterAsync();
        for (var point = 0; ; point++)
        {
            await ApplyAsync(instance);
            var isCut = false;
            using (fixture.CutAt(instance, point, atChanges: true, () => isCut = true))
            {
                try
                {
                    await ApplyAsync(instance, Words.Live, Words.AtStart);
                }
                catch (Exception) when (isCut)
                {
                    // As if killed.
                }
            }

            await instance.RestartAgentAsync();
            await instance.Server.ResumeAsync(None);
            Assert.Equal([Words.AtStart.Name], await ApplyAsync(instance, Words.Live, Words.AtStart));
            Assert.Equal(Words.Live.Number, await SeeAsync(instance, Words.Live));
            if (!isCut)
            {
                Assert.NotEqual(0, point);
                return;
            }
        }
    }

    [Fact]
    public async Task A_server_that_is_stopped_cannot_be_told()
    {
        var instance = await fixture.NewMasterAsync();
        await instance.Server.StopAsync(None);

        Assert.Equal(
            FaultKind.Transient, (await Assert.ThrowsAsync<DatastoreException>(() => ApplyAsync(instance, Words.Live))).Kind);
    }

    private static async Task<IReadOnlyList<string>> ApplyAsync(TestInstance instance, params ParameterValue[] values) =>
        (await instance.Datastore.Configuration!.ApplyAsync(values.ToDictionary(one => one.Name, one => one.Value), None)).WaitForRestart;

    private async Task<int> SeeAsync(TestInstance instance, ParameterValue parameter)
    {
        await using var client = await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        return (await client.ReadAsync(parameter.Query)).Single();
    }
}
