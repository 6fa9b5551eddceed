using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Swift;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.Objects;

/// <summary>What another service wrote into a real Swift, as one object and in segments.</summary>
public sealed class ForeignSwiftTests(SwiftFixture swift) : IClassFixture<SwiftFixture>
{
    private const int SegmentBytes = 100_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri Account => new(swift.Server.Address, $"v1/AUTH_{TestKeystone.ProjectId}/");

    [Fact]
    public async Task An_object_is_found_with_its_hash_and_what_stands_beside_it_and_read_in_pieces()
    {
        using var store = Open();
        var content = RandomNumberGenerator.GetBytes(250_000);
        await PutAsync("c/one", content, ("X-Object-Meta-Lsn", "77"), ("X-Object-Meta-Parent-Location", "http://x/y"));
        var at = new Uri(Account, "c/one").AbsoluteUri;

        var found = await store.FindAsync(at, Cancel);

        Assert.Equal([new FoundSegment(250_000, Md5(content))], found!.Segments);
        Assert.Equal(Md5(content), found.Checksum);
        Assert.Equal(("77", "http://x/y"), (found.Metadata["lsn"], found.Metadata["parent-location"]));
        Assert.Equal(content[..100], await store.ReadAsync(at, 0, 100, Cancel));
        Assert.Equal(content[249_990..], await store.ReadAsync(at, 249_990, 10, Cancel));
        Assert.Null(await store.ReadAsync(at, 249_990, 11, Cancel));
        Assert.Null(await store.ReadAsync(at, 250_000, 1, Cancel));
    }

    [Fact]
    public async Task An_object_in_segments_is_found_with_each_of_them_and_read_across_them()
    {
        using var store = Open();
        var content = RandomNumberGenerator.GetBytes((2 * SegmentBytes) + 5);
        var at = await PutInSegmentsAsync("large", content);

        var found = await store.FindAsync(at, Cancel);

        var md5s = content.Chunk(SegmentBytes).Select(Md5).ToList();
        Assert.Equal([new(SegmentBytes, md5s[0]), new(SegmentBytes, md5s[1]), new(5, md5s[2])], found!.Segments);
        Assert.Equal(Md5(Encoding.ASCII.GetBytes(string.Concat(md5s))), found.Checksum);
        Assert.Equal(content, await store.ReadAsync(at, 0, content.Length, Cancel));
        Assert.Equal(
            content[(SegmentBytes - 10)..(SegmentBytes + 10)], await store.ReadAsync(at, SegmentBytes - 10, 20, Cancel));
    }

    [Fact]
    public async Task A_segment_that_was_altered_is_no_transient_fault()
    {
        using var store = Open();
        var at = await PutInSegmentsAsync("altered", RandomNumberGenerator.GetBytes(2 * SegmentBytes));
        await PutAsync("c/altered_1", new byte[SegmentBytes]);

        var fault = await Assert.ThrowsAsync<CloudException>(() => store.ReadAsync(at, SegmentBytes, SegmentBytes, Cancel));

        Assert.False(fault.IsTransient);
        Assert.Contains("is not the one that its manifest names", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        using var store = Open();
        var at = new Uri(Account, "c/none").AbsoluteUri;

        Assert.Null(await store.FindAsync(at, Cancel));
        Assert.Null(await store.ReadAsync(at, 0, 1, Cancel));
    }

    [Theory]
    [InlineData("http://169.254.169.254/v1/AUTH_p1/c/o")]
    [InlineData("{swift}/info")]
    [InlineData("{swift}/v1/AUTH_p1/c")]
    [InlineData("{swift}/v1/AUTH_p1/c/o?multipart-manifest=delete")]
    [InlineData("{swift}/v1/../admin/x/y")]
    [InlineData("c/o")]
    public async Task Our_token_goes_nowhere_else(string location)
    {
        using var store = Open();
        var at = location.Replace("{swift}", swift.Server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);

        foreach (var use in new Func<Task>[] { () => store.FindAsync(at, Cancel), () => store.ReadAsync(at, 0, 1, Cancel) })
        {
            var fault = await Assert.ThrowsAsync<CloudException>(use);
            Assert.False(fault.IsTransient);
            Assert.Contains("the only one that is read", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_account_that_we_may_not_read_says_so()
    {
        using var store = Open();

        var fault = await Assert.ThrowsAsync<CloudException>(
            () => store.FindAsync(new Uri(swift.Server.Address, "v1/AUTH_other/c/o").AbsoluteUri, Cancel));

        Assert.False(fault.IsTransient);
        Assert.Contains("does not allow", fault.Message, StringComparison.Ordinal);
    }

    private static string Md5(byte[] content)
    {
#pragma warning disable CA5351 // Swift's own.
        return Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
    }

    private ForeignSwift Open() => new(
        new CloudOptions
        {
            Account = swift.Keystone.Account(),
            Endpoints = new Dictionary<string, Uri> { ["object-store"] = Account },
        },
        TimeProvider.System);

    private async Task<string> PutInSegmentsAsync(string name, byte[] content)
    {
        var manifest = new List<string>();
        foreach (var (number, piece) in content.Chunk(SegmentBytes).Index())
        {
            await PutAsync($"c/{name}_{number}", piece);
            manifest.Add($$"""{"path": "/c/{{name}}_{{number}}", "etag": "{{Md5(piece)}}", "size_bytes": {{piece.Length}}}""");
        }

        await PutAsync($"c/{name}?multipart-manifest=put", Encoding.UTF8.GetBytes($"[{string.Join(',', manifest)}]"));
        return new Uri(Account, $"c/{name}").AbsoluteUri;
    }

    private async Task PutAsync(string path, byte[] content, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Auth-Token", await swift.Keystone.TokenAsync());
        (await http.PutAsync(new Uri(Account, "c"), new ByteArrayContent([]), Cancel)).EnsureSuccessStatusCode();
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(Account, path)) { Content = body };
        foreach (var (header, value) in headers)
        {
            request.Headers.Add(header, value);
        }

        (await http.SendAsync(request, Cancel)).EnsureSuccessStatusCode();
    }
}
