using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Backups in a store that the gateway only signs addresses of. Without root: servers reach what is on this machine.</summary>
public sealed class BackupsInABucketTests
{
    private const string Bucket = "backups";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task An_instance_is_backed_up_to_a_bucket_and_made_again_from_it_and_deleted_objects_are_gone()
    {
        await using var swift = await SwiftServer.StartAsync();
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials(SwiftServer.User, SwiftServer.Key),
            new AmazonS3Config { ServiceURL = swift.Address.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "here" });
        await s3.PutBucketAsync(Bucket, TestContext.Current.CancellationToken);
        using var nobody = new UnprivilegedUser();
        var settings = RunningService.Settings();
        settings["Backups"] = new JsonObject
        {
            ["S3"] = new JsonObject
            {
                ["Endpoint"] = swift.Address.AbsoluteUri, ["Region"] = "here", ["Bucket"] = Bucket, ["WriteOnce"] = false,
                ["AccessKey"] = SwiftServer.User, ["SecretKey"] = SwiftServer.Key,
            },
        };
        await using var service = await RunningService.StartAsync(settings, nobody);
        using var trove = await service.LogInAsync();
        var id = await trove.CreateAsync(new
        {
            name = "m",
            flavorRef = "6",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var host = (await trove.AwaitStatusAsync(id, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(
            host, "app", "secret", "USE shop; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t SELECT seq FROM seq_1_to_1000");

        var backup = await trove.BackUpAsync(new { name = "b", instance = id });
        await trove.AwaitCompletedAsync(backup, Patience);
        Assert.True(await CountAsync(s3) >= 3, "a part, the list and the manifest");
        var restored = await trove.CreateAsync(
            new { name = "r", flavorRef = "6", volume = new { size = 1 }, restorePoint = new { backupRef = backup } });

        var back = (await trove.AwaitStatusAsync(restored, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        Assert.Equal("1000", await Sql.RunAsync(back, "app", "secret", "SELECT COUNT(*) FROM shop.t"));
        await trove.DoAsync(HttpMethod.Delete, $"backups/{backup}");
        await Eventually.SeeAsync("the bucket is empty", Patience, () => CountAsync(s3), count => count == 0);
        Assert.DoesNotContain(
            SwiftServer.Key,
            await File.ReadAllTextAsync(service.StatePath + ".log", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(AmazonS3Client s3)
    {
        var request = new ListObjectsV2Request { BucketName = Bucket };
        return (await s3.ListObjectsV2Async(request, TestContext.Current.CancellationToken)).S3Objects?.Count ?? 0;
    }
}
