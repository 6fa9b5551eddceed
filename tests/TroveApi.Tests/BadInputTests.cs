using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class BadInputTests : IAsyncLifetime
{
    private static readonly string Long = new('n', 300);
    private TestApi api = null!;

    public static TheoryData<string, int, string> Creates => new()
    {
        { """{"instance": {"name": "a", "flavorRef": "99", "volume": {"size": 1}}}""", 400, "Flavor 99 cannot be found." },
        { """{"instance": {"name": "a", "flavorRef": "7"}}""", 400, "Volume size was not specified." },
        { """{"instance": {"name": "a", "volume": {"size": 1}}}""", 400, "'flavorRef' is a required property" },
        { """{"instance": {"flavorRef": "7", "volume": {"size": 1}}}""", 400, "'name' is a required property" },
        { """{"instance": {"name": "", "flavorRef": "7", "volume": {"size": 1}}}""", 400, "letter or digit" },
        { """{"instance": {"name": "   ", "flavorRef": "7", "volume": {"size": 1}}}""", 400, "letter or digit" },
        { """{"instance": {"name": 5, "flavorRef": "7", "volume": {"size": 1}}}""", 400, "instance['name'] is not of type 'string'" },
        { """{"instance": {"name": "\ud800", "flavorRef": "7", "volume": {"size": 1}}}""", 400, "not valid Unicode" },
        { $$$$"""{"instance": {"name": "{{{{Long}}}}", "flavorRef": "7", "volume": {"size": 1}}}""", 400, "longer than 255" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 0}}}""", 400, "instance['volume']['size'] 0 is less than the minimum of 1" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1.5}}}""", 400, "not an integer" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 11}}}""", 413, "cannot exceed maximum of 10 GB, 11" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1, "type": "ssd"}}}""", 400, "There is: fast" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "datastore": {"type": "oracle"}}}""", 404, "Datastore 'oracle' cannot be found." },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "datastore": {"version": "1.0"}}}""", 400, "Datastore version '1.0' cannot be found." },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "datastore": {"type": "mysql", "version": "5.5"}}}""", 400, "is not active" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "configuration": "nothing"}}""", 404, "Resource nothing cannot be found." },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "availability_zone": "moon"}}""", 400, "Availability zone 'moon'" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "replica_count": 2}}""", 400, "only valid for replicas" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "restorePoint": {"backupRef": "x"}}}""", 404, "Resource x cannot be found." },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "modules": [{"id": "x"}]}}""", 400, "not available yet: modules" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "locality": "nearby"}}""", 400, "anti-affinity" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "access": {"allowed_cidrs": ["10.0.0.1/8"]}}}""", 400, "IPv4 network" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "access": {"is_public": "yes"}}}""", 400, "boolean" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "region_name": "Elsewhere"}}""", 400, "not available yet: region_name" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "flavour": "7"}}""", 400, "instance['flavour'] is not known here" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "nics": [{}, {}]}}""", 400, "more than one item" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "nics": [{"ip_address": "abc"}]}}""", 400, "IPv4 address" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "nics": [{"ip_address": "fe80::1"}]}}""", 400, "IPv4 address" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "nics": [{"ip_address": "10.1"}]}}""", 400, "IPv4 address" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "nics": [{"net-id": "a\u0000b"}]}}""", 400, "control character" },
        { """{"instance": {"name": "a\u0001", "flavorRef": "7", "volume": {"size": 1}}}""", 400, "control character" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "availability_zone": "no\nva"}}""", 400, "control character" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "databases": [{"name": "mysql"}]}}""", 400, "reserved" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "databases": [{"name": "d"}, {"name": "d"}]}}""", 400, "already exists" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "users": [{"name": "root", "password": "x"}]}}""", 400, "reserved" },
        { """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "users": [{"name": "u"}]}}""", 400, "'password' is a required property" },
        {
            """{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "users": [{"name": "u", "password": "x", "databases": [{"name": "d"}]}]}}""",
            400, "not among the databases of this request"
        },
        { """{"instance": 5}""", 400, "not of type 'object'" },
        { """[]""", 400, "Malformed request body" },
        { """{"instance": """, 400, "Malformed request body" },
        { """{"instance": {"name": "a", "name": "b"}}""", 400, "Malformed request body" },
        { "\u00e9", 400, "Malformed request body" },
        { "", 400, "no body" },
    };

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [MemberData(nameof(Creates))]
    public async Task A_create_request_that_makes_no_sense_gets_a_clear_answer_and_leaves_nothing(string body, int status, string message)
    {
        (await api.PostAsync("/instances", body)).ExpectFault(status, message);

        Assert.Empty((await api.GetAsync("/instances")).Expect(200)["instances"]!.AsArray());
        Assert.All(
            (await api.GetAsync("/mgmt/quotas/red")).Expect(200)["quotas"]!.AsArray(),
            quota => Assert.Equal(0, quota!["in_use"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Where_networks_have_uuids_another_name_is_refused_at_once()
    {
        await using var cloud = await TestApi.StartAsync(TestApi.Relaxed with { NetworksAreUuids = true });
        const string Uuid = "0198c0de-0000-7000-8000-00000000000a";
        foreach (var (field, value) in from field in new[] { "net-id", "network_id", "subnet_id" }
                                       from value in new[] { "default", "..", Uuid + "/x", $"{{{Uuid}}}" }
                                       select (field, value))
        {
            (await cloud.PostAsync("/instances", Body(field, value))).ExpectFault(400, $"nics'][0]['{field}'] is not a UUID");
        }

        (await cloud.PostAsync("/instances", Body("net-id", Uuid))).Expect(200);
        (await cloud.PostAsync("/instances", Body("network_id", Uuid.Replace("-", "", StringComparison.Ordinal)))).Expect(200);
        (await api.PostAsync("/instances", Body("net-id", "default"))).Expect(200);

        static string Body(string field, string value) =>
            $$$"""{"instance": {"name": "a", "flavorRef": "7", "volume": {"size": 1}, "nics": [{"{{{field}}}": "{{{value}}}"}]}}""";
    }

    [Theory]
    [InlineData("""{"promote_to_replica_source": {}}""", 400, "is not a replica.")]
    [InlineData("""{"eject_replica_source": {}}""", 400, "is not a replica source.")]
    [InlineData("""{"eject_replica_source": {"candidate": "x"}}""", 400, "candidate")]
    [InlineData("""{"explode": {}}""", 400, "Invalid instance action: explode")]
    [InlineData("""{"restart": {}, "resize": {}}""", 400, "exactly one action")]
    [InlineData("""{}""", 400, "exactly one action")]
    public async Task Actions_that_are_not_there_are_refused(string body, int status, string message)
    {
        var id = await api.CreateReadyAsync();

        (await api.PostAsync($"/instances/{id}/action", body)).ExpectFault(status, message);
    }

    [Theory]
    [InlineData("""{"instance": {"configuration": "11111111-0000-7000-8000-000000000001"}}""", 404, "cannot be found")]
    [InlineData("""{"instance": {"datastore_version": "10.11"}}""", 501, "not available yet")]
    [InlineData("""{"instance": {"access": {"allowed_cidrs": ["here"]}}}""", 400, "IPv4 network")]
    [InlineData("""{"instance": {"size": 5}}""", 400, "not known here")]
    [InlineData("""{"instance": {"name": ""}}""", 400, "letter or digit")]
    [InlineData("""{"instance": {"replica_of": null, "configuration": null}}""", 400, "Only one attribute")]
    public async Task Updates_that_are_not_there_are_refused(string body, int status, string message)
    {
        var id = await api.CreateReadyAsync();

        (await api.PutAsync($"/instances/{id}", body)).ExpectFault(status, message);
    }

    [Fact]
    public async Task No_token_a_bad_token_and_a_token_for_another_project()
    {
        var none = await api.SendAsync("GET", "/instances", null, token: null);
        none.ExpectFault(401, "authentication");
        Assert.StartsWith("Keystone uri=", none.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        (await api.SendAsync("GET", "//v1.0/red/instances", null, "nonsense")).ExpectFault(401, "authentication");
        (await api.SendAsync("GET", "//v1.0/red/instances", null, "blue-member")).ExpectFault(403, "cannot access this resource");
    }

    [Fact]
    public async Task Roles_decide()
    {
        var id = await api.CreateReadyAsync();

        (await api.GetAsync("/instances", "red-reader")).Expect(200);
        (await api.DeleteAsync($"/instances/{id}", "red-reader")).ExpectFault(403, "Policy doesn't allow instance:delete to be performed.");
        foreach (var (action, rule) in new[]
        {
            ("""{"restart": {}}""", "restart"),
            ("""{"resize": {"flavorRef": "3"}}""", "resize_flavor"),
            ("""{"resize": {"volume": {"size": 3}}}""", "resize_volume"),
            ("""{"detach_replication": {}}""", "update"),
            ("""{"reset_status": {}}""", "reset_status"),
        })
        {
            (await api.PostAsync($"/instances/{id}/action", action, "red-reader"))
                .ExpectFault(403, $"Policy doesn't allow instance:{rule} to be performed.");
        }

        (await api.GetAsync("/instances", "red-stranger")).ExpectFault(403, "Policy doesn't allow instance:index");
        (await api.GetAsync("/mgmt/instances")).ExpectFault(401, "User does not have admin privileges.");
        (await api.PutAsync("/mgmt/quotas/red", """{"quotas": {"instances": 1}}""")).ExpectFault(401, "User does not have admin privileges.");
        (await api.GetAsync("/mgmt/quotas/blue")).ExpectFault(403, "Operation not allowed for tenant red.");
        Assert.Single((await api.GetAsync("/mgmt/instances", "blue-admin")).Expect(200)["instances"]!.AsArray());
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused()
    {
        var body = "{\"instance\": {\"name\": \"" + new string('x', 10 * 1024 * 1024) + "\"}}";

        (await api.PostAsync("/instances", body)).ExpectFault(413, "larger than 1 MiB");
    }

    [Theory]
    [InlineData("GET", "//nowhere")]
    [InlineData("GET", "/nowhere")]
    [InlineData("PATCH", "/instances")]
    [InlineData("GET", "/instances/none")]
    [InlineData("GET", "/flavors/none")]
    [InlineData("GET", "/datastores/none")]
    [InlineData("GET", "/configurations/none")]
    public async Task What_is_not_there_is_a_fault_in_json(string method, string path) =>
        (await api.SendAsync(method, path, null, TestApi.Member)).ExpectFault(404, "found");

    [Fact]
    public async Task An_address_cannot_climb_out_of_the_collection_of_users()
    {
        var id = await api.CreateReadyAsync();

        var reply = await api.DeleteAsync($"/instances/{id}/users/%2E%2E");

        reply.ExpectFault(400, "'.' or '..'");
        Assert.Empty(await api.OperationsAsync(id));
    }

    [Fact]
    public async Task Every_answer_has_a_request_id() =>
        Assert.StartsWith(
            "req-", (await api.GetAsync("/instances/none")).Headers.GetValues("x-openstack-request-id").Single(), StringComparison.Ordinal);
}
