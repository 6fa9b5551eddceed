using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class BackupKeyTests : IAsyncLifetime
{
    private const string Recipient = "age1kptxvd3le7h6c0em9pal4scnys3ftvtw7eww8frgfkujf5amd9xq4f0hvq";
    private const string Other = "age1ngekku5xslpm0a6z95ume6eg6muarp5d2zz0nlfjjhtzumsxsv9sm6n6nh";
    private const string Identity = "AGE-SECRET-KEY-1UPZHXNNC0KPJ70K3E7KL3PGK7NKUXEQSQTHKN0DDVPMNWFF7K5SSJNAA40";

    private TestApi api = null!;
    private string instance = null!;

    public async ValueTask InitializeAsync()
    {
        api = await TestApi.StartAsync();
        instance = await api.CreateReadyAsync();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_project_gives_its_key_sees_it_and_takes_it_away_and_no_other_project_has_it()
    {
        Assert.Null(await KeyAsync());

        (await SetAsync(Other)).Expect(200);
        (await SetAsync(Recipient)).Expect(200);

        Assert.Equal(Recipient, await KeyAsync());
        Assert.Null((await api.GetAsync("/backup_key", "blue-member")).Expect(200)["backup_key"]!["recipient"]);
        (await api.DeleteAsync("/backup_key")).Expect(204);
        (await api.DeleteAsync("/backup_key")).Expect(204);
        Assert.Null(await KeyAsync());
    }

    [Theory]
    [InlineData("age1kptxvd3le7h6c0em9pal4scnys3ftvtw7eww8frgfkujf5amd9xq4f0hvx")]
    [InlineData(Identity)]
    [InlineData("")]
    public async Task What_is_no_public_key_is_refused(string text)
    {
        (await SetAsync(text)).Expect(400);

        Assert.Null(await KeyAsync());
    }

    [Fact]
    public async Task Nothing_follows_on_a_backup_that_was_encrypted_for_another_key()
    {
        var before = await api.AddBackupAsync(instance);
        await SetAsync(Recipient);

        (await PostAsync($$""", "parent_id": "{{before}}" """)).ExpectFault(400, "encrypted for another key");
        var full = (await PostAsync(""", "incremental": 1 """)).Expect(202)["backup"]!;

        Assert.Null(full["parent_id"]);
    }

    [Fact]
    public async Task What_follows_on_a_backup_of_the_same_key_may()
    {
        await SetAsync(Recipient);
        var own = await OwnAsync(Recipient);

        var following = (await PostAsync(""", "incremental": 1 """)).Expect(202)["backup"]!;

        Assert.Equal(own, following["parent_id"]!.GetValue<string>());
        Assert.Equal(Recipient, (await api.GetAsync($"/backups/{own}")).Expect(200)["backup"]!["encrypted_for"]!.GetValue<string>());
        await SetAsync(Other);
        (await PostAsync($$""", "parent_id": "{{own}}" """)).ExpectFault(400, "encrypted for another key");
    }

    [Fact]
    public async Task A_restore_needs_the_private_key_where_there_is_one_and_no_document_shows_it()
    {
        var (own, usual) = (await OwnAsync(Recipient), await api.AddBackupAsync(instance));

        (await RestoreAsync(own, "")).ExpectFault(400, $"the project's own key {Recipient}");
        (await RestoreAsync(own, """, "private_key": "AGE-SECRET-KEY-1X" """)).ExpectFault(400, "is not a private key of age");
        (await RestoreAsync(usual, $$""", "private_key": "{{Identity}}" """)).ExpectFault(400, "leave 'private_key' out");
        var made = (await RestoreAsync(own, $$""", "private_key": "{{Identity}}" """)).Expect(200);

        var id = made["instance"]!["id"]!.GetValue<string>();
        Assert.DoesNotContain("SECRET", made.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", (await api.GetAsync($"/instances/{id}")).Expect(200).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(Identity, (await GoalAsync(id)).PrivateKey);
        Assert.DoesNotContain("SECRET", $"{await GoalAsync(id)}", StringComparison.Ordinal);
    }

    private async Task<RestoreInstanceGoal> GoalAsync(string id)
    {
        var operation = await api.Database.ReadAsync(
            unit => OperationRows.Find(unit, InstanceRows.Find(unit, id)!.LockOwner!), CancellationToken.None);
        return JsonSerializer.Deserialize<RestoreInstanceGoal>(operation!.Goal!, JsonSerializerOptions.Web)!;
    }

    /// <summary>A backup as the task manager makes it for a project with a key.</summary>
    private async Task<string> OwnAsync(string recipient)
    {
        var id = await api.AddBackupAsync(instance);
        await api.Database.WriteAsync(unit => BackupChanges.SetKeys(unit, id, recipient, identity: null), CancellationToken.None);
        return id;
    }

    private async Task<string?> KeyAsync() => (string?)(await api.GetAsync("/backup_key")).Expect(200)["backup_key"]!["recipient"];

    private Task<Reply> SetAsync(string recipient) =>
        api.SendAsync("PUT", "/backup_key", $$$"""{"backup_key": {"recipient": "{{{recipient}}}"}}""", TestApi.Member);

    private Task<Reply> PostAsync(string more) =>
        api.PostAsync("/backups", $$$"""{"backup": {"name": "b", "instance": "{{{instance}}}" {{{more}}} } }""");

    private Task<Reply> RestoreAsync(string backup, string more) => api.PostAsync(
        "/instances",
        $$$"""
        {"instance": {"name": "back", "flavorRef": "7", "volume": {"size": 5}, "restorePoint": {"backupRef": "{{{backup}}}" {{{more}}} } } }
        """);
}
