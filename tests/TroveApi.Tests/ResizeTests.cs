using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Domain.Quotas;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class ResizeTests : IAsyncLifetime
{
    private TestApi api = null!;
    private string master = "";

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        master = await api.CreateReadyAsync();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_larger_volume_is_charged_at_once_and_asked_for_once()
    {
        (await ResizeAsync(master, """{"volume": {"size": 5}}""")).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(master), one => one.Kind == OperationKinds.ResizeVolume);
        Assert.Equal(5, JsonSerializer.Deserialize<ResizeVolumeGoal>(operation.Goal!)!.SizeGb);
        Assert.Equal(5, await InUseAsync(QuotaResources.Volumes));
        Assert.Equal("RESIZE", (await api.GetAsync($"/instances/{master}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
        (await ResizeAsync(master, """{"volume": {"size": 6}}""")).ExpectFault(422, "RESIZE");
        Assert.Equal(5, await InUseAsync(QuotaResources.Volumes));
    }

    [Fact]
    public async Task Slaves_get_their_masters_size_in_the_same_request()
    {
        var slave = await api.CreateSlaveAsync(master, "s1");
        await api.FinishAsync(slave);

        (await ResizeAsync(master, """{"volume": {"size": 4}}""")).Expect(202);

        foreach (var id in new[] { master, slave })
        {
            Assert.Single(await api.OperationsAsync(id), one => one.Kind == OperationKinds.ResizeVolume);
        }

        Assert.Equal(8, await InUseAsync(QuotaResources.Volumes));
    }

    [Fact]
    public async Task Another_flavor_is_charged_by_what_it_adds()
    {
        (await ResizeAsync(master, """{"flavorRef": "8"}""")).Expect(202);

        var operation = Assert.Single(await api.OperationsAsync(master), one => one.Kind == OperationKinds.ResizeFlavor);
        Assert.Equal(new ResizeFlavorGoal("8", 768), JsonSerializer.Deserialize<ResizeFlavorGoal>(operation.Goal!));
        Assert.Equal(768, await InUseAsync(QuotaResources.Ram));
    }

    [Theory]
    [InlineData("""{"volume": {"size": 2}}""", 400, "never shrinks")]
    [InlineData("""{"volume": {"size": 1}}""", 400, "never shrinks")]
    [InlineData("""{"volume": {"size": 11}}""", 413, "maximum of 10 GB")]
    [InlineData("""{"volume": {"size": 0}}""", 400, "size")]
    [InlineData("""{"flavorRef": "7"}""", 400, "already as it should be")]
    [InlineData("""{"flavorRef": "99"}""", 400, "Flavor 99 cannot be found")]
    [InlineData("""{"flavorRef": "8", "volume": {"size": 5}}""", 400, "either")]
    [InlineData("{}", 400, "either")]
    public async Task What_cannot_be_is_refused_and_costs_nothing(string wanted, int status, string words)
    {
        (await ResizeAsync(master, wanted)).ExpectFault(status, words);

        Assert.Equal(2, await InUseAsync(QuotaResources.Volumes));
        Assert.Equal(512, await InUseAsync(QuotaResources.Ram));
    }

    [Fact]
    public async Task A_resize_over_the_quota_is_refused_and_locks_nothing()
    {
        await api.Database.WriteAsync(
            unit =>
            {
                QuotaRows.SetLimit(unit, TestApi.Tenant, QuotaResources.Volumes, 3);
                return true;
            },
            TestContext.Current.CancellationToken);

        (await ResizeAsync(master, """{"volume": {"size": 5}}""")).ExpectFault(413, "'volumes'");

        Assert.Equal("ACTIVE", (await api.GetAsync($"/instances/{master}")).Expect(200)["instance"]!["status"]!.GetValue<string>());
    }

    private Task<Reply> ResizeAsync(string id, string wanted) => api.PostAsync($"/instances/{id}/action", $$"""{"resize": {{wanted}}}""");

    private async Task<long> InUseAsync(string resource) =>
        (await api.Database.ReadAsync(unit => QuotaRows.Of(unit, TestApi.Tenant), TestContext.Current.CancellationToken))
            .Single(quota => quota.Resource == resource).InUse;
}
