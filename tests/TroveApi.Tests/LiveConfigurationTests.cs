using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Configurations;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class LiveConfigurationTests : IAsyncLifetime
{
    private TestApi api = null!;

    /// <summary>A value outside of its limits, of each parameter on offer that has some.</summary>
    public static TheoryData<string, string, string> Outside
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var datastore in new[] { "mariadb", "mysql" })
            {
                foreach (var rule in ParameterRules.Of(new DatastoreVersion { DatastoreName = datastore }).All)
                {
                    if (rule.Min is { } min)
                    {
                        data.Add(datastore, rule.Name, (Int128.Parse(min) - 1).ToString());
                    }

                    if (rule.Max is { } max)
                    {
                        data.Add(datastore, rule.Name, (Int128.Parse(max) + 1).ToString());
                    }

                    if (rule.Choices is not null)
                    {
                        data.Add(datastore, rule.Name, "\"nosuch\"");
                    }
                }
            }

            return data;
        }
    }

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [MemberData(nameof(Outside))]
    public async Task A_value_outside_of_its_limits_is_refused(string datastore, string parameter, string value) =>
        (await api.PostAsync(
            "/configurations",
            $$$"""{"configuration": {"name": "g", "values": {"{{{parameter}}}": {{{value}}} }, "datastore": {"type": "{{{datastore}}}"} } }"""))
            .ExpectFault(422, parameter);

    [Fact]
    public async Task A_group_may_begin_empty_and_get_its_values_its_name_and_its_description_later()
    {
        var group = await GroupAsync(null);

        (await api.PutAsync($"/configurations/{group}", """{"configuration": {"values": {"max_connections": 200, "wait_timeout": 60}}}""")).Expect(202);
        (await PatchAsync(group, """{"values": {"WAIT_TIMEOUT": 70, "connect_timeout": 20}}""")).Expect(200);
        (await PatchAsync(group, """{"name": "other"}""")).Expect(200);
        (await api.PutAsync($"/configurations/{group}", """{"configuration": {"description": "for the shop"}}""")).Expect(202);

        var shown = (await api.GetAsync($"/configurations/{group}")).Expect(200)["configuration"]!;
        Assert.Equal(("other", "for the shop"), (shown["name"]!.GetValue<string>(), shown["description"]!.GetValue<string>()));
        Assert.Equal(
            """{"connect_timeout":20,"max_connections":200,"wait_timeout":70}""", shown["values"]!.ToJsonString(), ignoreCase: true);

        (await api.PutAsync($"/configurations/{group}", """{"configuration": {"values": {"max_connections": 300}}}""")).Expect(202);
        Assert.Equal("""{"max_connections":300}""", await ValuesAsync(group));
    }

    [Theory]
    [InlineData("""{"values": {"nonsense": 1}}""", "is not supported")]
    [InlineData("""{"values": {"max_connections": 1}}""", "is less than the minimum")]
    [InlineData("""{"values": {"collation_server": "utf8mb4_bin"}}""", "does not fit character_set_server, which is latin1")]
    public async Task A_change_that_does_not_fit_changes_nothing(string change, string message)
    {
        var group = await GroupAsync("""{"character_set_server": "latin1"}""");

        (await PatchAsync(group, change)).ExpectFault(422, message);

        Assert.Equal("""{"character_set_server":"latin1"}""", await ValuesAsync(group));
    }

    [Fact]
    public async Task Other_values_are_due_on_every_instance_of_the_group_and_a_name_is_not()
    {
        var group = await GroupAsync("{}");
        var one = await api.CreateReadyAsync("one", more: $", \"configuration\": \"{group}\"");
        var other = await api.CreateReadyAsync("other", more: $", \"configuration\": \"{group}\"");
        var without = await api.CreateReadyAsync("without");

        (await PatchAsync(group, """{"name": "renamed"}""")).Expect(200);
        Assert.Empty(await DueAsync());
        (await PatchAsync(group, """{"values": {"max_connections": 200}}""")).Expect(200);

        Assert.Equal([one, other], (await DueAsync()).Order());
        Assert.DoesNotContain(without, await DueAsync());
    }

    [Fact]
    public async Task A_change_that_one_of_its_instances_is_too_small_for_is_refused()
    {
        var group = await GroupAsync("{}");
        var id = await api.CreateReadyAsync(more: $", \"configuration\": \"{group}\"");

        (await PatchAsync(group, """{"values": {"innodb_buffer_pool_size": 68719476736}}""")).ExpectFault(422, id);
        (await PatchAsync(group, """{"values": {"innodb_log_file_size": 2147483648}}""")).ExpectFault(422, "half of it");

        Assert.Equal("{}", await ValuesAsync(group));
    }

    [Fact]
    public async Task A_group_is_attached_once_counted_at_once_and_detached()
    {
        var (group, another) = (await GroupAsync("""{"max_connections": 200}"""), await GroupAsync("{}"));
        var id = await api.CreateReadyAsync();

        (await api.PutAsync($"/instances/{id}", $$$"""{"instance": {"configuration": "{{{group}}}", "name": "renamed"}}""")).Expect(202);

        Assert.Equal(new ApplyConfigurationGoal(Attached: group), GoalOf(await StartedAsync(id)));
        var shown = await ShowAsync(id);
        Assert.Equal((group, "renamed"), (shown["configuration"]!["id"]!.GetValue<string>(), shown["name"]!.GetValue<string>()));
        (await api.DeleteAsync($"/configurations/{group}")).ExpectFault(400, "cannot be deleted");
        (await api.PutAsync($"/instances/{id}", $$$"""{"instance": {"configuration": "{{{another}}}"}}""")).ExpectFault(400, "already has");

        await FreeAsync(id);
        (await api.PutAsync($"/instances/{id}", """{"instance": {"configuration": null}}""")).Expect(202);
        Assert.Equal(new ApplyConfigurationGoal(Detached: group), GoalOf(await StartedAsync(id)));
    }

    [Theory]
    [InlineData("""{"instance": {"configuration": null}}""")]
    [InlineData("""{"instance": {"configuration": ""}}""")]
    [InlineData("""{"instance": {}}""")]
    public async Task There_are_several_ways_to_say_that_a_group_is_detached(string body)
    {
        var group = await GroupAsync("{}");
        var (id, without) = (
            await api.CreateReadyAsync("with", more: $", \"configuration\": \"{group}\""), await api.CreateReadyAsync("without"));

        (await api.PutAsync($"/instances/{id}", body)).Expect(202);
        (await api.PutAsync($"/instances/{without}", body)).Expect(202);

        Assert.Single(await api.OperationsAsync(id), one => one.Kind == OperationKinds.ApplyConfiguration);
        Assert.DoesNotContain(await api.OperationsAsync(without), one => one.Kind == OperationKinds.ApplyConfiguration);
    }

    [Fact]
    public async Task What_does_not_fit_the_instance_is_not_attached_and_nothing_is_counted()
    {
        var large = await GroupAsync("""{"key_buffer_size": 4294967295}""");
        var foreign = (await api.PostAsync(
            "/configurations", """{"configuration": {"name": "g", "values": {}, "datastore": {"type": "mysql"}}}"""))
            .Expect(200)["configuration"]!["id"]!.GetValue<string>();
        var id = await api.CreateReadyAsync();

        (await AttachAsync(id, large)).ExpectFault(422, "MB of memory");
        (await AttachAsync(id, foreign)).ExpectFault(400, "does not match the Datastore Version");
        (await api.PostAsync(
            "/instances",
            $$$"""{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "configuration": "{{{large}}}"}}"""))
            .ExpectFault(422, "MB of memory");
        await api.FinishAsync(id, guest => guest with { ServerState = "Stopped" });
        (await AttachAsync(id, await GroupAsync("{}"))).ExpectFault(422, "SHUTDOWN");

        (await api.DeleteAsync($"/configurations/{large}")).Expect(202);
    }

    [Fact]
    public async Task An_instance_shows_which_parameters_wait_for_a_restart_and_can_be_worked_on()
    {
        var id = await api.CreateReadyAsync();
        await api.FinishAsync(id, guest => guest with { WaitForRestart = "innodb_open_files performance_schema" });

        var shown = await ShowAsync(id);

        Assert.Equal("RESTART_REQUIRED HEALTHY", $"{shown["status"]} {shown["operating_status"]}");
        Assert.Equal("""["innodb_open_files","performance_schema"]""", shown["restart_required_for"]!.ToJsonString());
        (await api.PostAsync("/backups", $$$"""{"backup": {"name": "b", "instance": "{{{id}}}"}}""")).Expect(202);
        (await api.PostAsync($"/instances/{id}/action", """{"restart": {}}""")).Expect(202);
    }

    [Fact]
    public async Task An_instance_shows_why_it_runs_with_former_values()
    {
        var id = await api.CreateReadyAsync();
        await api.FinishAsync(id, guest => guest with { ConfigurationGivenUp = "It did not start." });

        var shown = await ShowAsync(id);

        Assert.Equal("ACTIVE It did not start.", $"{shown["status"]} {shown["configuration_fault"]}");
    }

    [Fact]
    public async Task A_flavor_that_is_too_small_for_the_group_is_refused()
    {
        var group = await GroupAsync("""{"innodb_buffer_pool_size": 536870912}""");
        var id = (await api.PostAsync(
            "/instances",
            $$$"""{"instance": {"name": "a", "flavorRef": "8", "volume": {"size": 1}, "configuration": "{{{group}}}"}}"""))
            .Expect(200)["instance"]!["id"]!.GetValue<string>();
        await api.FinishAsync(id);

        (await api.PostAsync($"/instances/{id}/action", """{"resize": {"flavorRef": "7"}}""")).ExpectFault(422, "MB of memory");
    }

    private static ApplyConfigurationGoal GoalOf(Operation operation) =>
        JsonSerializer.Deserialize<ApplyConfigurationGoal>(operation.Goal!, JsonSerializerOptions.Web)!;

    private async Task<Operation> StartedAsync(string id) =>
        (await api.OperationsAsync(id)).Last(one => one.Kind == OperationKinds.ApplyConfiguration);

    private async Task FreeAsync(string id)
    {
        var operation = await StartedAsync(id);
        await api.Database.WriteAsync(unit => LockRows.ReleaseAll(unit, operation.Id), CancellationToken.None);
        await api.FinishAsync(id);
    }

    private async Task<JsonNode> ShowAsync(string id) => (await api.GetAsync($"/instances/{id}")).Expect(200)["instance"]!;

    private async Task<string> ValuesAsync(string group) =>
        (await api.GetAsync($"/configurations/{group}")).Expect(200)["configuration"]!["values"]!.ToJsonString();

    private Task<IReadOnlyList<string>> DueAsync() => api.Database.ReadAsync(
        unit => unit.Query<string>("SELECT id FROM instances WHERE configuration_due = 1"), CancellationToken.None);

    private Task<Reply> AttachAsync(string id, string group) =>
        api.PutAsync($"/instances/{id}", $$$"""{"instance": {"configuration": "{{{group}}}"}}""");

    private Task<Reply> PatchAsync(string group, string change) =>
        api.SendAsync("PATCH", $"/configurations/{group}", $$$"""{"configuration": {{{change}}} }""", TestApi.Member);

    private async Task<string> GroupAsync(string? values) =>
        (await api.PostAsync(
            "/configurations", $$$"""{"configuration": {"name": "g"{{{(values is null ? "" : $", \"values\": {values}")}}} } }"""))
            .Expect(200)["configuration"]!["id"]!.GetValue<string>();
}
