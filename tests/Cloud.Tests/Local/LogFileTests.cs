using Dbaas.Cloud.Local.Host;
using static Dbaas.Cloud.Tests.Local.PlaneFixture;

namespace Dbaas.Cloud.Tests.Local;

public sealed class LogFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Of_a_log_its_last_lines_are_read_and_of_a_large_one_no_more_than_its_end()
    {
        await File.WriteAllLinesAsync(_path, Enumerable.Range(1, 200_000).Select(line => $"line {line}"), Cancellation);

        Assert.Equal("line 199999\nline 200000", await LogFile.TailAsync(_path, 2, Cancellation));
        var most = await LogFile.TailAsync(_path, int.MaxValue, Cancellation);
        Assert.EndsWith("line 200000", most, StringComparison.Ordinal);
        Assert.InRange(most!.Length, 1, 256 * 1024);
    }

    [Fact]
    public async Task Where_there_is_none_there_is_nothing_to_read() =>
        Assert.Null(await LogFile.TailAsync(_path + ".none", 2, Cancellation));
}
