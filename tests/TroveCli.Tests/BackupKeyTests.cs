namespace Dbaas.TroveCli.Tests;

public sealed class BackupKeyTests : TroveTest
{
    private const string Backup = "c9832168-7541-4536-b8d9-a8a9b79cf1b4";

    [Fact]
    public async Task A_projects_key_is_given_and_taken_away()
    {
        Cloud.Answers("PUT /backup_key", """{"backup_key": {"recipient": "age1x", "updated": "2026-11-29T12:00:05"}}""")
            .Answers("DELETE /backup_key", "", 204);

        var given = await TroveAsync("backup-key-set", "age1x");
        Assert.Equal(0, given.Exit);
        Assert.Equal("""{"backup_key":{"recipient":"age1x"}}""", Cloud.Sent("PUT /backup_key").ToJsonString());
        Assert.Contains("age1x", given.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await TroveAsync("backup-key-unset")).Exit);
        Assert.Equal("DELETE /backup_key", Cloud.Requests[^1].Line);
    }

    [Fact]
    public async Task A_private_key_comes_from_a_file_and_is_never_shown()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "AGE-SECRET-KEY-1X\n", TestContext.Current.CancellationToken);
        Cloud.Answers("GET /flavors", Documents.Flavors).Answers($"GET /backups/{Backup}", $$$"""{"backup": {"id": "{{{Backup}}}"}}""")
            .Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));

        var made = await TroveAsync("create", "back", "7", "--size", "1", "--backup", Backup, "--private-key", file);
        File.Delete(file);
        var missing = await TroveAsync("create", "back", "7", "--size", "1", "--backup", Backup, "--private-key", file);
        var alone = await TroveAsync("create", "back", "7", "--size", "1", "--private-key", file);

        Assert.Equal(0, made.Exit);
        var sent = Cloud.Sent("POST /instances")["instance"]!["restorePoint"]!;
        Assert.Equal("AGE-SECRET-KEY-1X\n", sent["private_key"]!.GetValue<string>());
        Assert.DoesNotContain("SECRET", made.Output, StringComparison.Ordinal);
        Assert.Contains("cannot be read", missing.Error, StringComparison.Ordinal);
        Assert.Contains("--private-key needs --backup or --restore-of", alone.Error, StringComparison.Ordinal);
    }
}
