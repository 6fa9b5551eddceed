using System.Text.Json;
using Dbaas.Domain.Configurations;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class ConfigurationTests : IAsyncLifetime
{
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_group_is_attached_at_creation_counted_and_cannot_be_deleted_then()
    {
        var group = await CreateAsync("""{"max_connections": 200, "performance_schema": true, "long_query_time": 0.5, "innodb_flush_method": "O_DIRECT"}""");

        var id = await api.CreateAsync(more: $", \"configuration\": \"{group}\"");

        var goal = JsonSerializer.Deserialize<CreateInstanceGoal>((await api.OperationsAsync(id)).Single().Goal!)!;
        Assert.Equal(
            [("innodb_flush_method", "O_DIRECT"), ("long_query_time", "0.5"), ("max_connections", "200"), ("performance_schema", "1")],
            goal.Configuration.Select(pair => (pair.Key, pair.Value)).Order());
        var shown = (await api.GetAsync($"/configurations/{group}")).Expect(200)["configuration"]!;
        Assert.Equal(1, shown["instance_count"]!.GetValue<int>());
        Assert.Equal(200, shown["values"]!["max_connections"]!.GetValue<int>());
        Assert.True(shown["values"]!["performance_schema"]!.GetValue<bool>());
        Assert.Equal(
            id, (await api.GetAsync($"/configurations/{group}/instances")).Expect(200)["instances"]![0]!["id"]!.GetValue<string>());
        var instance = (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;
        Assert.Equal(
            (group, "g"), (instance["configuration"]!["id"]!.GetValue<string>(), instance["configuration"]!["name"]!.GetValue<string>()));
        (await api.DeleteAsync($"/configurations/{group}")).ExpectFault(400, "cannot be deleted");
    }

    [Theory]
    [InlineData("""{"max_connections": 100, "MAX_CONNECTIONS": 200}""")]
    [InlineData("""{"Performance_schema": true, "performance_schema": true}""")]
    public async Task A_parameter_cannot_be_given_twice(string values) =>
        (await api.PostAsync("/configurations", $$$"""{"configuration": {"name": "g", "values": {{{values}}}}}""")).ExpectFault(400, "is given twice");

    [Fact]
    public async Task Of_a_parameter_that_an_old_group_has_twice_the_last_counts()
    {
        var old = new ConfigurationGroup
        {
            Id = "22222222-0000-7000-8000-000000000001",
            TenantId = TestApi.Tenant,
            Name = "old",
            DatastoreVersionId = "11111111-0000-7000-8000-000000000001",
            ValuesJson = """{"max_connections": 100, "MAX_CONNECTIONS": 200}""",
        };
        await api.Database.WriteAsync(unit => ConfigurationRows.Insert(unit, old), TestContext.Current.CancellationToken);

        var id = await api.CreateAsync(more: $", \"configuration\": \"{old.Id}\"");

        var goal = JsonSerializer.Deserialize<CreateInstanceGoal>((await api.OperationsAsync(id)).Single().Goal!)!;
        Assert.Equal(("max_connections", "200"), goal.Configuration.Select(pair => (pair.Key, pair.Value)).Single());
    }

    [Fact]
    public async Task A_group_is_listed_and_deleted()
    {
        var group = await CreateAsync("{}");

        Assert.Equal(group, (await api.GetAsync("/configurations")).Expect(200)["configurations"]![0]!["id"]!.GetValue<string>());
        (await api.GetAsync($"/configurations/{group}", "blue-member")).ExpectFault(404, group);
        (await api.DeleteAsync($"/configurations/{group}")).Expect(202);
        (await api.GetAsync($"/configurations/{group}")).ExpectFault(404, group);
    }

    [Theory]
    [InlineData("""{"nonsense": 1}""", "The configuration parameter nonsense is not supported for this datastore: mariadb 10.11.")]
    [InlineData("""{"server_id": 1}""", "is not supported")]
    [InlineData("""{"max_connections": "5"}""", "is not of type integer")]
    [InlineData("""{"max_connections": 1.5}""", "is not of type integer")]
    [InlineData("""{"max_connections": true}""", "is not of type integer")]
    [InlineData("""{"max_connections": 9}""", "is less than the minimum allowed: 10")]
    [InlineData("""{"character_set_server": "nosuch"}""", "is none of: big5")]
    [InlineData("""{"innodb_flush_method": "bogus"}""", "is none of: fsync")]
    [InlineData("""{"collation_server": "latin1_swedish_ci"}""", "does not fit character_set_server, which is utf8mb4")]
    [InlineData("""{"innodb_log_file_size": 33554432, "innodb_log_buffer_size": 67108864}""", "is larger than innodb_log_file_size")]
    [InlineData("""{"max_connections": 100001}""", "is greater than the maximum allowed: 100000")]
    [InlineData("""{"sort_buffer_size": 18446744073709551616}""", "is greater than the maximum allowed: 18446744073709551615")]
    [InlineData("""{"long_query_time": -0.5}""", "is less than the minimum allowed: 0")]
    [InlineData("""{"performance_schema": 1}""", "is not of type boolean")]
    [InlineData("""{"innodb_flush_method": "a\nskip-grant-tables"}""", "is not of type string")]
    public async Task Values_that_do_not_fit_are_refused(string values, string message) =>
        (await api.PostAsync("/configurations", $$$"""{"configuration": {"name": "g", "values": {{{values}}}}}""")).ExpectFault(422, message);

    [Fact]
    public async Task A_group_of_another_datastore_version_does_not_fit()
    {
        var group = await CreateAsync("{}");

        (await api.PostAsync(
            "/instances",
            $$$"""{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "datastore": {"type": "mysql"}, "configuration": "{{{group}}}"}}"""))
            .ExpectFault(400, "does not match the Datastore Version");
    }

    [Fact]
    public async Task Parameters_are_listed_by_both_addresses()
    {
        var byName = (await api.GetAsync("/datastores/mariadb/versions/10.11/parameters/max_connections")).Expect(200);
        var all = (await api.GetAsync("/datastores/versions/11111111-0000-7000-8000-000000000001/parameters"))
            .Expect(200)["configuration-parameters"]!.AsArray();

        Assert.Equal("integer 10 100000", $"{byName["type"]} {byName["min"]} {byName["max"]}");
        Assert.Contains(
            all,
            parameter =>
                parameter!["name"]!.GetValue<string>() == "performance_schema" && parameter["restart_required"]!.GetValue<bool>());
    }

    private async Task<string> CreateAsync(string values) =>
        (await api.PostAsync("/configurations", $$$"""{"configuration": {"name": "g", "values": {{{values}}}}}""")).Expect(200)["configuration"]!["id"]!.GetValue<string>();
}
