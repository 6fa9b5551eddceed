using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

public sealed class CatalogTests : TroveTest
{
    [Fact]
    public async Task Types_of_volumes_are_listed_for_a_version_of_a_datastore()
    {
        Cloud.Answers(
            "GET /datastores/mariadb/versions/v1/volume-types",
            """{"volume_types": [{"id": "t1", "name": "fast", "is_public": true, "description": "Flash"}]}""");

        var result = await TroveAsync("volume-type-list", "--datastore_type", "mariadb", "--datastore_version_id", "v1");

        Assert.Equal(0, result.Exit);
        Assert.Matches(@"t1 +fast +\w+ +Flash\n", result.Output);
    }

    [Theory]
    [InlineData]
    [InlineData("--datastore_type", "mariadb")]
    [InlineData("--datastore_version_id", "10.11")]
    public async Task Types_of_volumes_of_nothing_are_not_asked_for(params string[] options)
    {
        var result = await TroveAsync(["volume-type-list", .. options]);

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.Contains("--datastore_version_id are needed", result.Error, StringComparison.Ordinal);
        Assert.Empty(Cloud.Requests);
    }
}
