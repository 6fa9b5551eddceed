using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.S3;

/// <summary>
/// Objects in a bucket of a store that speaks S3. An address is a signed one; one to write at also says, where the store knows that, that
/// there must be no such object yet, in a header that the signature holds.
/// </summary>
public sealed class S3Objects : IObjects, IDisposable
{
    private readonly S3Options options;
    private readonly TimeProvider time;
    private readonly AmazonS3Client client;

    public S3Objects(S3Options options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), new AmazonS3Config
        {
            ServiceURL = options.Endpoint.AbsoluteUri,
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            Timeout = options.CallTimeout,

            // What the standard does not ask for, other stores than Amazon's do not know.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    /// <inheritdoc />
    public async Task<ObjectAddress> AddressAsync(
        StoredName name, ObjectUse use, TimeSpan goodFor, CancellationToken cancellationToken)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = options.Bucket,
            Key = KeyOf(name),
            Verb = use == ObjectUse.Write ? HttpVerb.PUT : HttpVerb.GET,
            Expires = (time.GetUtcNow() + goodFor).UtcDateTime,
            Protocol = options.Endpoint.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
        };
        var headers = new Dictionary<string, string>();
        if (use == ObjectUse.Write && options.WriteOnce)
        {
            headers["If-None-Match"] = request.Headers["If-None-Match"] = "*";
        }

        return new ObjectAddress(await client.GetPreSignedURLAsync(request), headers);
    }

    /// <inheritdoc />
    public Task WriteAsync(StoredName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync(
            "write",
            async () =>
            {
                using var stream = new MemoryStream(content.ToArray(), writable: false);
                return await client.PutObjectAsync(
                    new PutObjectRequest { BucketName = options.Bucket, Key = KeyOf(name), InputStream = stream, UseChunkEncoding = false },
                    cancellationToken);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<byte[]?> ReadAsync(StoredName name, int most, CancellationToken cancellationToken) => CallAsync(
        "read",
        async () =>
        {
            try
            {
                using var answer = await client.GetObjectAsync(options.Bucket, KeyOf(name), cancellationToken);
                if (answer.ContentLength > most)
                {
                    throw new CloudException($"The object {name.Name} is larger than {most} bytes.", isTransient: false);
                }

                var content = new byte[answer.ContentLength];
                await answer.ResponseStream.ReadExactlyAsync(content, cancellationToken);
                return content;
            }
            catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchKey")
            {
                return null;
            }
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<long?> SizeAsync(StoredName name, CancellationToken cancellationToken) => CallAsync<long?>(
        "find",
        async () =>
        {
            try
            {
                return (await client.GetObjectMetadataAsync(options.Bucket, KeyOf(name), cancellationToken)).ContentLength;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredObject>> ListAsync(string place, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<StoredObject>>(
            "list",
            async () =>
            {
                var prefix = place + "/";
                var found = new List<StoredObject>();
                var pages = client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix });
                await foreach (var one in pages.S3Objects.WithCancellation(cancellationToken))
                {
                    found.Add(new StoredObject(new StoredName(place, one.Key[prefix.Length..]), one.Size ?? 0));
                }

                return [.. found.OrderBy(one => one.Name.Name, StringComparer.Ordinal)];
            },
            cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(StoredName name, CancellationToken cancellationToken) =>
        CallAsync("delete", () => client.DeleteObjectAsync(options.Bucket, KeyOf(name), cancellationToken), cancellationToken);

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    private static string KeyOf(StoredName name) => $"{name.Place}/{name.Name}";

    private static async Task<T> CallAsync<T>(string purpose, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException e)
        {
            var mayPass = e.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests
                or HttpStatusCode.RequestTimeout or 0;
            throw new CloudException(
                $"The store of backups did not {purpose} an object.",
                mayPass,
                e,
                $"s3: {(int)e.StatusCode} {e.ErrorCode}, request {e.RequestId ?? "without an id"}: {e.Message}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or AmazonClientException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CloudException("The store of backups does not answer.", isTransient: true, e, $"s3: {e.GetType().Name}: {e.Message}");
        }
    }
}
