using Dbaas.Domain.Backups;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

/// <summary>Backups that another service took, made known by an administrator.</summary>
public sealed class ForeignBackupTests : IAsyncLifetime
{
    private const string VersionId = "11111111-0000-7000-8000-000000000001";
    private const string At = "http://swift/v1/AUTH_p/database_backups/1.xbstream.gz";
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(TestApi.Relaxed with { ReadsForeignBackups = true });

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task An_administrator_makes_one_known_as_troves_client_asks()
    {
        var made = (await PostAsync(api, Body())).Expect(202)["backup"]!;

        Assert.Equal(
            ("NEW", At, null, null),
            ((string?)made["status"], (string?)made["locationRef"], made["instance_id"], made["parent_id"]));
        var (backup, operation) = await api.Database.ReadAsync(
            unit =>
            {
                var row = BackupRows.Find(unit, (string)made["id"]!)!;
                return (row, OperationRows.Find(unit, row.LockOwner!)!);
            },
            TestContext.Current.CancellationToken);
        Assert.Equal((At, "red", BackupState.New), (backup.Location, backup.TenantId, backup.State));
        Assert.Equal(OperationKinds.RegisterBackup, operation.Kind);
        Assert.Equal("""{"datasetBytes":1610612736}""", operation.Goal);
    }

    [Fact]
    public async Task It_may_be_for_another_project()
    {
        var made = (await PostAsync(api, Body(more: """, "project_id": "blue" """))).Expect(202)["backup"]!;

        (await api.GetAsync($"/backups/{(string)made["id"]!}", "blue-member")).Expect(200);
        (await api.GetAsync($"/backups/{(string)made["id"]!}")).Expect(404);
    }

    [Fact]
    public async Task Nobody_else_may()
    {
        (await PostAsync(api, Body(), TestApi.Member)).Expect(403);
    }

    [Theory]
    [InlineData("\"size\": 0", "size'] 0 is not above 0")]
    [InlineData("\"size\": \"1\"", "is not of type 'number'")]
    [InlineData("\"size\": 1, \"more\": 1", "is not known here")]
    [InlineData("\"size\": 1, \"local_datastore_version_id\": \"8ef44a19-60e9-4a73-9d18-16e24f4b4b06\"", "There is no datastore version")]
    public async Task What_makes_no_sense_is_refused(string rest, string words)
    {
        var version = rest.Contains("local_", StringComparison.Ordinal) ? "" : $"\"local_datastore_version_id\": \"{VersionId}\", ";

        (await PostAsync(
            api,
            $$"""{"backup": {"name": "b", "restore_from": {"remote_location": "{{At}}", {{version}}{{rest}}} } }""")).ExpectFault(400, words);
    }

    [Fact]
    public async Task Where_no_such_place_is_configured_the_answer_says_so()
    {
        await using var other = await TestApi.StartAsync();

        (await PostAsync(other, Body())).ExpectFault(501, "Backups:Trove");
    }

    [Fact]
    public async Task It_counts_in_the_quota()
    {
        for (var number = 0; number < 50; number++)
        {
            (await PostAsync(api, Body())).Expect(202);
        }

        (await PostAsync(api, Body())).Expect(413);
    }

    private static Task<Reply> PostAsync(TestApi api, string body, string token = TestApi.Admin) => api.PostAsync("/backups", body, token);

    private static string Body(string more = "") => $$"""
        {"backup": {"name": "old", "restore_from":
         {"remote_location": "{{At}}", "local_datastore_version_id": "{{VersionId}}", "size": 1.5}{{more}}} }
        """;
}
