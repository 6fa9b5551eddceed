using System.IO.Compression;
using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Tests;

/// <summary>An object that another service wrote on its way back, with the real program.</summary>
public sealed class ForeignReaderTests : IDisposable
{
    private const int PartBytes = 64 * 1024;

    private readonly TempFolder folder = new();
    private readonly MemoryStore store = new();
    private readonly ObjectStreams streams;

    public ForeignReaderTests() =>
        streams = new ObjectStreams(store, new MemoryLogReports(), new ProcessRunner(folder.Path), folder.Path, TimeProvider.System);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(PartBytes)]
    [InlineData(2 * PartBytes)]
    [InlineData(PartBytes + 1)]
    [InlineData(PartBytes - 1)]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public async Task It_is_what_was_written_however_parts_and_segments_lie(int segmentBytes)
    {
        // Parts of a few bytes would be many.
        var data = RandomNumberGenerator.GetBytes(segmentBytes == 10 ? 1000 : (5 * PartBytes) + 77);

        Assert.Equal(data, await ReadAsync(Write(data, segmentBytes)));
    }

    [Theory]
    [InlineData("missing", "missing")]
    [InlineData("truncated", "is shorter than what was written")]
    [InlineData("altered", "Segment 1 of backup b is not what was written")]
    public async Task What_is_not_what_was_written_is_seen(string what, string words)
    {
        var written = Write(RandomNumberGenerator.GetBytes(5 * PartBytes), 2 * PartBytes);
        var name = ObjectNames.Part(written.Run, 2);
        switch (what)
        {
            case "missing":
                store.Objects.Remove(name);
                break;
            case "truncated":
                store.Objects[name] = store.Objects[name][..^1];
                break;
            default:
                store.Objects[name][100] ^= 1;
                break;
        }

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(written));

        Assert.Equal(FaultKind.Permanent, fault.Kind);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_packed_says_so_in_the_programs_words()
    {
        var written = Cut(RandomNumberGenerator.GetBytes(PartBytes), PartBytes);

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(written));

        Assert.Equal(FaultKind.Permanent, fault.Kind);
        Assert.Contains("not in gzip format", fault.Message, StringComparison.Ordinal);
    }

    private ObjectList Write(byte[] data, int segmentBytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return Cut(packed.ToArray(), segmentBytes);
    }

    private ObjectList Cut(byte[] content, int segmentBytes)
    {
        foreach (var (number, part) in content.Chunk(PartBytes).Index())
        {
            store.Objects[ObjectNames.Part("trove", number)] = part;
        }

#pragma warning disable CA5351 // The other service's.
        var segments = content.Chunk(segmentBytes)
            .Select(one => new ForeignSegment(one.Length, Convert.ToHexStringLower(MD5.HashData(one))));
#pragma warning restore CA5351
        return new ObjectList("trove", store.Objects.Count, content.Length, "", new ForeignObject(PartBytes, [.. segments]));
    }

    private async Task<byte[]> ReadAsync(ObjectList written)
    {
        var job = new Job("c", "restore_backup", needsServer: true, () => { }, TimeProvider.System);
        var link = new BackupLink("b", new OpaqueDocument("k", 1, Array.Empty<byte>()), written);
        using var data = new MemoryStream();
        await streams.Read(job, "", link).ReadAsync(
            (stream, token) => stream.CopyToAsync(data, token), TestContext.Current.CancellationToken);
        return data.ToArray();
    }
}
