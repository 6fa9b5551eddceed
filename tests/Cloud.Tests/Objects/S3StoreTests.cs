using Amazon.Runtime;
using Amazon.S3;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.S3;
using Dbaas.Testing;

namespace Dbaas.Cloud.Tests.Objects;

/// <summary>A store that speaks S3: Swift's own way of it.</summary>
public sealed class S3StoreTests(S3Fixture swift) : StoreConformance, IClassFixture<S3Fixture>
{
    [Fact]
    public async Task A_store_that_refuses_us_or_is_away_says_so_without_our_secret()
    {
        var here = Options($"bucket-{Guid.CreateVersion7():N}");
        using var stranger = new S3Objects(Changed(here, here.Endpoint, "a-wrong-secret"), TimeProvider.System);
        using var without = new S3Objects(here, TimeProvider.System);
        using var nowhere = new S3Objects(
            Changed(here, new Uri($"http://127.0.0.1:{FreePort.Find()}"), here.SecretKey), TimeProvider.System);

        var (refused, missing, away) = (await FaultAsync(stranger), await FaultAsync(without), await FaultAsync(nowhere));

        Assert.False(refused.IsTransient, $"{refused}");
        Assert.DoesNotContain("a-wrong-secret", $"{refused}", StringComparison.Ordinal);
        Assert.False(missing.IsTransient, $"{missing}");
        Assert.Contains("NoSuchBucket", missing.Details, StringComparison.Ordinal);

        // The store's own words, which name its addresses and accounts, are for administrators.
        Assert.All([refused, missing], fault => Assert.Equal("The store of backups did not write an object.", fault.Message));
        Assert.True(away.IsTransient, $"{away}");
        Assert.DoesNotContain(here.SecretKey, $"{here} {away}", StringComparison.Ordinal);
    }

    protected override async Task<IStoreUnderTest> OpenAsync()
    {
        var options = Options($"bucket-{Guid.CreateVersion7():N}");
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(options.AccessKey, options.SecretKey),
            new AmazonS3Config { ServiceURL = options.Endpoint.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = options.Region });
        await client.PutBucketAsync(options.Bucket);
        return new S3Store(options);
    }

    private static Task<CloudException> FaultAsync(S3Objects store) => Assert.ThrowsAsync<CloudException>(
        () => store.WriteAsync(new StoredName("place", "name"), new byte[1], CancellationToken.None));

    private static S3Options Changed(S3Options options, Uri endpoint, string secret) => new()
    {
        Endpoint = endpoint,
        Region = options.Region,
        Bucket = options.Bucket,
        AccessKey = options.AccessKey,
        SecretKey = secret,
        WriteOnce = options.WriteOnce,
        CallTimeout = TimeSpan.FromSeconds(5),
    };

    private S3Options Options(string bucket) => new()
    {
        Endpoint = swift.Server.Address, Region = "here", Bucket = bucket, AccessKey = SwiftServer.User, SecretKey = SwiftServer.Key,
        WriteOnce = false,
    };

    private sealed class S3Store(S3Options options) : IStoreUnderTest
    {
        private readonly S3Objects store = new(options, TimeProvider.System);

        public IObjects Store => store;

        public bool WritesOnce => options.WriteOnce;

        public Task<StoreAnswer> UseAsync(HttpMethod method, ObjectAddress address, byte[]? content) =>
            OverTheNetwork.UseAsync(method, address, content);

        public ValueTask DisposeAsync()
        {
            store.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
