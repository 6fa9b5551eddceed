namespace Dbaas.TroveCli.Tests;

public sealed class PointInTimeTests : TroveTest
{
    private const string Gone = "c9832168-7541-4536-b8d9-a8a9b79cf1b4";

    [Fact]
    public async Task An_instance_is_made_as_one_was_that_is_gone()
    {
        Cloud.Answers("GET /flavors", Documents.Flavors).Answers("POST /instances", Documents.Instance(Documents.Master("BUILD")));

        var result = await TroveAsync(
            "create", "back", "7", "--size", "1", "--restore-of", Gone, "--restore-time", "2026-11-29T12:00:05Z", "--point-in-time");

        Assert.Equal(0, result.Exit);
        var sent = Cloud.Requests[^1].Body!["instance"]!;
        Assert.Equal(
            $$"""{"instance":"{{Gone}}","time":"2026-11-29T12:00:05Z"}""", sent["restorePoint"]!.ToJsonString());
        Assert.True(sent["point_in_time_recovery"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_archive_of_an_instance_is_turned_on_by_its_name()
    {
        Cloud.Answers("GET /instances", Documents.Instances(Documents.Master())).Answers($"PUT /instances/{Documents.MasterId}", "", 202);

        var result = await TroveAsync("point-in-time", "m1", "on");

        Assert.Equal(0, result.Exit);
        Assert.Equal("""{"instance":{"point_in_time_recovery":true}}""", Cloud.Requests[^1].Body!.ToJsonString());
    }
}
