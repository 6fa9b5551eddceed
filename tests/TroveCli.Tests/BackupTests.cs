using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

public sealed class BackupTests : TroveTest
{
    private const string Id = "a9832168-7541-4536-b8d9-a8a9b79cf1b4";
    private const string ParentId = "b9832168-7541-4536-b8d9-a8a9b79cf1b4";

    [Fact]
    public async Task A_backup_that_is_waited_for_shows_bytes_rate_share_and_time_left()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers("POST /backups", One("NEW"), 202)
            .Answers($"GET /backups/{Id}", One("BUILDING"))
            .Answers(
                $"GET /backups/{Id}",
                One("SAVING", """, "progress": {"done_bytes": 450000000, "of_bytes": 1000000000, "bytes_per_second": 85000000, "seconds_left": 6}"""))
            .Answers($"GET /backups/{Id}", One("SAVING", """, "progress": {"done_bytes": 1234, "bytes_per_second": 0}"""))
            .Answers($"GET /backups/{Id}", One("COMPLETED", """, "stored_bytes": 123456789"""));

        var result = await TroveAsync("backup-create", "m1", "nightly", "--wait");

        Assert.Equal(
            """
            nightly: BUILDING (0 s)
            nightly: SAVING, 45 %, 450 MB of 1.0 GB, 85.0 MB/s, 6 s left (1 s)
            nightly: COMPLETED (3 s)

            """,
            result.Error);
        Assert.Equal(0, result.Exit);
        Assert.Contains("stored_bytes  123 MB\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_fails_says_why()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers("POST /backups", One("NEW"), 202)
            .Answers($"GET /backups/{Id}", One("FAILED", """, "fault": "The database server was stopped." """));

        var result = await TroveAsync("backup-create", "m1", "nightly", "--wait");

        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.EndsWith("trove: nightly failed: The database server was stopped.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_following_backup_names_its_parent_by_name()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers("GET /backups", $$"""{"backups": [{"id": "{{ParentId}}", "name": "full"}, {"id": "{{Id}}", "name": "other"}]}""")
            .Answers("POST /backups", One("NEW"), 202);

        var result = await TroveAsync("backup-create", "m1", "nightly", "--parent", "full", "--description", "for later");

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            $$$"""{"backup":{"instance":"{{{Documents.MasterId}}}","name":"nightly","description":"for later","parent_id":"{{{ParentId}}}"}}""",
            Cloud.Requests[^1].Body!.ToJsonString());
    }

    [Fact]
    public async Task Backups_are_listed_shown_and_deleted_by_name()
    {
        var list = $$"""{"backups": [{{Backup("COMPLETED")}}]}""";
        Cloud.Answers("GET /backups", list).Answers("GET /backups", list).Answers("GET /backups", list)
            .Answers("GET /instances", Documents.Instances(Documents.Master()))
            .Answers($"GET /instances/{Documents.MasterId}/backups", list)
            .Answers($"DELETE /backups/{Id}", "", 202);

        var (listed, shown) = (await TroveAsync("backup-list"), await TroveAsync("backup-show", "nightly"));
        var ofInstance = await TroveAsync("backup-list-instance", "m1");
        var deleted = await TroveAsync("backup-delete", "nightly");

        Assert.Equal(
            $"""
            ID                                    Instance ID                           Name     Status     Parent ID  Size     Updated
            {Id}  {Documents.MasterId}  nightly  COMPLETED             0.25 GB  2014-06-13T14:33:27

            """,
            listed.Output);
        Assert.Equal(listed.Output, ofInstance.Output);
        Assert.Contains("name         nightly\n", shown.Output, StringComparison.Ordinal);
        Assert.Equal("nightly is being deleted.\n", deleted.Output);
        Assert.Equal(0, deleted.Exit);
    }

    [Fact]
    public async Task An_instance_is_created_from_a_backup_by_its_name()
    {
        Cloud.Answers("GET /flavors", Documents.Flavors)
            .Answers("GET /backups", $$"""{"backups": [{{Backup("COMPLETED")}}]}""")
            .Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));

        var result = await TroveAsync("create", "copy", "7", "--size", "2", "--backup", "nightly");

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            $$$"""{"backupRef":"{{{Id}}}"}""", Cloud.Requests[^1].Body!["instance"]!["restorePoint"]!.ToJsonString());
    }

    [Fact]
    public async Task A_verification_that_is_waited_for_shows_how_far_it_is_and_a_backup_that_does_not_pass_says_why()
    {
        var list = $$"""{"backups": [{{Backup("COMPLETED")}}]}""";
        Cloud.Answers("GET /backups", list).Answers("GET /backups", list)
            .Answers($"POST /backups/{Id}/action", One("COMPLETED", """, "verification": "waiting" """), 202)
            .Answers($"GET /backups/{Id}", One("COMPLETED", """, "verification": "waiting", "verification_fault": "No room." """))
            .Answers(
                $"GET /backups/{Id}",
                One("COMPLETED", """, "verification": "running", "progress": {"done_bytes": 50, "of_bytes": 100, "bytes_per_second": 0}"""))
            .Answers($"GET /backups/{Id}", One("COMPLETED", """, "verification": null, "verified": "ok" """))
            .Answers($"POST /backups/{Id}/action", One("COMPLETED", """, "verification": "waiting" """), 202)
            .Answers($"GET /backups/{Id}", One("COMPLETED", """, "verified": "failed", "verified_fault": "t: Corrupt" """));

        var passed = await TroveAsync("backup-verify", "nightly", "--wait");
        var failed = await TroveAsync("backup-verify", "nightly", "--wait");

        Assert.Equal(
            """
            nightly: verification waiting; the last try ended: No room. (0 s)
            nightly: verification running, 50 %, 50 B of 100 B (1 s)
            nightly: verified: ok (2 s)

            """,
            passed.Error);
        Assert.Equal("""{"verify":{}}""", Cloud.Sent($"POST /backups/{Id}/action").ToJsonString());
        Assert.Equal(0, passed.Exit);
        Assert.Equal(ExitCodes.Refused, failed.Exit);
        Assert.EndsWith("trove: nightly did not pass: t: Corrupt\n", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_a_trove_took_is_made_known_for_a_project()
    {
        Cloud.Answers("POST /backups", One("NEW"), 202)
            .Answers($"GET /backups/{Id}", One("FAILED", """, "fault": "There is no object at http://swift/v1/a/c/1.xbstream.gz." """));

        var result = await TroveAsync(
            "backup-register", "old", "http://swift/v1/a/c/1.xbstream.gz", "some-version", "0.5", "--project", "p1", "--wait");

        Assert.Equal(
            """
            {"backup":{"name":"old","restore_from":{"remote_location":"http://swift/v1/a/c/1.xbstream.gz","local_datastore_version_id":"some-version","size":0.5},"project_id":"p1"}}
            """.Trim(),
            Cloud.Sent("POST /backups").ToJsonString());
        Assert.Equal(ExitCodes.Refused, result.Exit);
        Assert.EndsWith("There is no object at http://swift/v1/a/c/1.xbstream.gz.\n", result.Error, StringComparison.Ordinal);
    }

    private static string One(string status, string more = "") => $$"""{"backup": {{Backup(status, more)}}}""";

    private static string Backup(string status, string more = "") => $$"""
        {"id": "{{Id}}", "name": "nightly", "instance_id": "{{Documents.MasterId}}", "status": "{{status}}", "parent_id": null,
         "size": {{(status == "COMPLETED" ? "0.25" : "null")}}, "updated": "2014-06-13T14:33:27"{{more}}}
        """;
}
