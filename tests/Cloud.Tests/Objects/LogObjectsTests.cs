using System.IO.Compression;
using Dbaas.Cloud.Logs;

namespace Dbaas.Cloud.Tests.Objects;

/// <summary>Pieces of logs, as guests tell them.</summary>
public sealed class LogObjectsTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task A_piece_that_unpacks_to_far_more_than_a_piece_or_is_none_is_refused()
    {
        var large = Pack(new byte[100 * Megabyte]);
        Assert.InRange(large.Length, 1, Megabyte);

        await Assert.ThrowsAsync<InvalidDataException>(() => LogObjects.UnpackAsync(large, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidDataException>(() => LogObjects.UnpackAsync([1, 2, 3], TestContext.Current.CancellationToken));
        Assert.Equal(
            Megabyte, (await LogObjects.UnpackAsync(Pack(new byte[Megabyte]), TestContext.Current.CancellationToken)).Length);
    }

    private static byte[] Pack(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(text);
        }

        return packed.ToArray();
    }
}
