using System.Globalization;
using System.Net;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using Dbaas.Keystone;

namespace Dbaas.Cloud.OpenStack.Swift;

/// <summary>
/// Objects in anybody's containers of the Swift that an account sees in its catalogue. Which it may read is the operator's business.
/// </summary>
public sealed class ForeignSwift : IForeignObjects, IDisposable
{
    private const string Metadata = "X-Object-Meta-";

    private readonly HttpClient http;
    private readonly CloudSession session;

    public ForeignSwift(CloudOptions options, TimeProvider time)
    {
        http = CloudHttp.Create(options.Account.CaFile);
        session = new CloudSession(http, options, time);
    }

    /// <inheritdoc />
    public async Task<FoundObject?> FindAsync(string location, CancellationToken cancellationToken)
    {
        var path = await PathOfAsync(location, cancellationToken);
        var reply = await session.SendAsync(
            new CloudRequest(CloudService.Objects, HttpMethod.Head, path, "find a backup"), cancellationToken);
        if (reply.IsMissing)
        {
            return null;
        }

        var checksum = reply.Required().Header("ETag")?.Trim('"') ?? "";
        var segments = reply.Header("X-Static-Large-Object") is null
            ? [new FoundSegment(reply.Length ?? 0, checksum)]
            : await SegmentsAsync(path, cancellationToken);
        return new FoundObject(segments, checksum, reply.HeadersFrom(Metadata));
    }

    /// <inheritdoc />
    public async Task<byte[]?> ReadAsync(string location, long offset, int count, CancellationToken cancellationToken)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{offset + count - 1}");
        var reply = await session.SendAsync(
            new CloudRequest(CloudService.Objects, HttpMethod.Get, await PathOfAsync(location, cancellationToken), "read a backup")
            {
                Headers = new Dictionary<string, string> { ["Range"] = range },
            },
            cancellationToken);
        if (reply.IsConflict)
        {
            throw reply.Refusal("The store says that a segment of the backup is missing, or is not the one that its manifest names.");
        }

        return reply is { IsMissing: true } or { Status: HttpStatusCode.RequestedRangeNotSatisfiable }
            || reply.Content.Length != count ? null : reply.Content;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        session.Dispose();
        http.Dispose();
    }

    private async Task<IReadOnlyList<FoundSegment>> SegmentsAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await session.SendAsync(
            new CloudRequest(CloudService.Objects, HttpMethod.Get, $"{path}?multipart-manifest=get&format=raw", "read a backup's manifest"),
            cancellationToken);
        return [.. reply.Read(SwiftJson.Default.IReadOnlyListManifestEntry).Select(one => new FoundSegment(one.SizeBytes, one.Etag))];
    }

    /// <summary>
    /// Behind the endpoint's host: /v1/ACCOUNT/CONTAINER/OBJECT. Our token goes to no other host than the catalogue's.
    /// </summary>
    private async Task<string> PathOfAsync(string location, CancellationToken cancellationToken)
    {
        var endpoint = await session.EndpointOfAsync(CloudService.Objects, cancellationToken);
        var isThere = Uri.TryCreate(location, UriKind.Absolute, out var address)
            && address.GetLeftPart(UriPartial.Authority) == endpoint.GetLeftPart(UriPartial.Authority)
            && address is { UserInfo: "", Query: "", Fragment: "", Segments.Length: >= 5 }
            && address.Segments[1] == "v1/";
        return isThere
            ? address!.AbsolutePath
            : throw new CloudException(
                $"{location} is no object of the Swift at {endpoint.GetLeftPart(UriPartial.Authority)}, the only one that is read.",
                isTransient: false);
    }
}
