using System.Text;
using Dbaas.Datastores.MySql.Logs;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.MySql.Tests.Logs;

public sealed class LogFilesTests : IDisposable
{
    private const int Large = (16 << 20) + 1;
    private const int Most = 64 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbaas-logs-");

    private LogFiles Files => new(_folder.FullName, LogKind.General);

    private string Current => Path.Combine(_folder.FullName, "general.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Places_go_on_over_turns_whatever_goes()
    {
        Assert.Equal((0, 0), Files.Range);
        for (long turn = 0; turn < 3; turn++)
        {
            Write(Large);
            Files.Turn();
            Assert.Equal((turn * Large, (turn + 1) * Large), Files.Range);
        }

        Write(10);
        Assert.Equal((2L * Large, (3L * Large) + 10), Files.Range);
        Files.Turn();
        Assert.Equal(2, _folder.GetFiles().Length);
    }

    [Fact]
    public void A_turn_that_was_cut_off_before_the_older_file_went_loses_no_place()
    {
        Write(Large);
        Files.Turn();
        var first = _folder.GetFiles().Single();
        Write(Large);
        first.CopyTo(Path.Combine(_folder.FullName, "kept"));
        Files.Turn();
        File.Move(Path.Combine(_folder.FullName, "kept"), first.FullName);

        Assert.Equal((0, 2L * Large), Files.Range);
        Write(Large);
        Files.Turn();
        Assert.Equal((2L * Large, 3L * Large), Files.Range);
    }

    [Fact]
    public void What_an_earlier_agent_kept_goes_with_the_next_turn()
    {
        File.WriteAllText(Current + ".1", "of before");
        Write(Large);

        Files.Turn();

        Assert.Equal("general.log.00000000000000000000", _folder.GetFiles().Single().Name);
    }

    [Fact]
    public async Task Neither_a_link_nor_a_pipe_in_the_servers_folder_is_read()
    {
        var secret = Path.Combine(_folder.FullName, "secret");
        await File.WriteAllTextAsync(secret, "an agent's key", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Current, secret);

        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(0));
    }

    [Fact]
    public async Task An_entry_that_is_being_written_is_read_when_it_is_whole()
    {
        await AppendAsync("\t\t     7 Query\tSELECT 1\n\t\t     7 Query\tCREATE USER a IDENTIFIED\n");
        var begun = await ReadAsync(0, new Standing());
        Assert.Equal("\t\t     7 Query\tSELECT 1\n", begun.Text);

        await AppendAsync("BY 'x'\n\t\t     7 Quit\t\n");
        var rest = await ReadAsync(begun.Next, new Standing());
        Assert.Equal("\t\t     7 Query\tCREATE USER a IDENTIFIED [not shown]\n", rest.Text);

        File.SetLastWriteTimeUtc(Current, DateTime.UnixEpoch);
        Assert.Equal("\t\t     7 Quit\t\n", (await ReadAsync(rest.Next)).Text);
    }

    [Fact]
    public async Task A_place_behind_the_end_is_of_a_log_that_was_lost_and_the_present_one_is_read_from_its_beginning()
    {
        await AppendAsync("\t\t     7 Query\tSELECT 1\n");
        File.SetLastWriteTimeUtc(Current, DateTime.UnixEpoch);

        Assert.Equal(0, (await ReadAsync(1000)).From);
    }

    private async Task<(long From, long Next, string Text)> ReadAsync(long from, TimeProvider? time = null)
    {
        var piece = await new LogReader(Files, time ?? TimeProvider.System).ReadAsync(from, Most, TestContext.Current.CancellationToken);
        return (piece.From, piece.Next, Encoding.UTF8.GetString(piece.Content.Span));
    }

    private Task AppendAsync(string text) => File.AppendAllTextAsync(Current, text, TestContext.Current.CancellationToken);

    private void Write(int size)
    {
        using var file = File.Create(Current);
        file.SetLength(size);
    }

    /// <summary>No time goes by, however long somebody waits.</summary>
    private sealed class Standing : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
