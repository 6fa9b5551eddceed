using System.Diagnostics;
using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.MySql.Tests.Replication;

/// <summary>Against the tool that writes such streams.</summary>
public sealed class StreamedFilesTests : IDisposable
{
    private static readonly string[] Names = ["ibdata1", "empty", "shop/t.ibd", "shop/u@0020v.frm", "mysql/large.MAD"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-streamed");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public async Task Every_file_with_content_is_seen_however_the_stream_is_cut(int pieces)
    {
        var stream = await MakeAsync();
        var files = new StreamedFiles();

        for (var at = 0; at < stream.Length; at += pieces)
        {
            files.Read(stream.AsSpan(at, Math.Min(pieces, stream.Length - at)));
        }

        Assert.Equal(Names.Where(name => name != "empty").Order(), files.Take().Order());
        Assert.Empty(files.Take());
    }

    [Fact]
    public async Task A_file_is_told_again_only_if_more_of_it_came()
    {
        var stream = await MakeAsync();
        var end = stream.AsSpan().LastIndexOf("XBSTCK01"u8);
        var start = stream.AsSpan(0, end).LastIndexOf("XBSTCK01"u8);
        var files = new StreamedFiles();

        files.Read(stream.AsSpan(0, start));
        Assert.NotEmpty(files.Take());
        files.Read(stream.AsSpan(start));

        Assert.Single(files.Take());
    }

    [Fact]
    public void Of_something_else_nothing_is_known()
    {
        var files = new StreamedFiles();
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);

        files.Read(noise);
        files.Read("XBSTCK01\0P"u8);

        Assert.Empty(files.Take());
    }

    private async Task<byte[]> MakeAsync()
    {
        foreach (var name in Names)
        {
            var path = Path.Combine(folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(
                path,
                new byte[name switch { "empty" => 0, "mysql/large.MAD" => 300_001, _ => 5000 }],
                TestContext.Current.CancellationToken);
        }

        var info = new ProcessStartInfo("mbstream", ["-c", .. Names])
        {
            WorkingDirectory = folder.FullName, RedirectStandardOutput = true,
        };
        using var tool = Process.Start(info)!;
        var stream = new MemoryStream();
        await tool.StandardOutput.BaseStream.CopyToAsync(stream, TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, tool.ExitCode);
        return stream.ToArray();
    }
}
