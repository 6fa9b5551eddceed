using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Archiving;
using Dbaas.GuestProtocol;

namespace Dbaas.MySql.Tests.Archiving;

/// <summary>
/// Files that MariaDB 10.11 and MySQL 9.7 wrote: databases, tables and users are made, rows inserted, a transaction with a savepoint and a
/// large row, a table made of a query, an XA transaction, a procedure that is called; then, in the next file, MariaDB's tables without
/// transactions and its sequences, and MySQL's compressed transactions and GTIDs with a tag.
/// </summary>
public sealed class LogScannerTests
{
    private const string MySql = "7c04c36c-ec31-11f1-a3a6-02fc00000001";

    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("mariadb.000001", "0-7-", 1, new[] { 444, 615, 828, 7425, 7570, 7895, 8209, 8337, 8480, 8687, 8910, 9065 })]
    [InlineData("mariadb.000002", "0-7-", 13, new[] { 6616, 6769, 7010, 7143, 7435 })]
    [InlineData(
        "mysql.000001", MySql + ":", 1, new[] { 334, 549, 825, 7379, 7568, 7970, 8358, 8523, 8836, 9096, 9378, 9575 })]
    [InlineData("mysql.000002", MySql + ":", 13, new[] { 6524, 6780 })]
    public async Task Every_transaction_is_found_with_its_name_and_its_end(string file, string owner, int first, int[] ends)
    {
        var found = (await ScanAsync(file, isWhole: false)).Where(piece => piece.Transaction is not null).Take(ends.Length).ToList();

        Assert.Equal(ends.Select(end => (long)end), found.Select(piece => piece.To));
        Assert.Equal(
            Enumerable.Range(first, ends.Length).Select(number => $"{owner}{number}"),
            found.Select(piece => FormOf(file).Text(piece.Transaction!.Value)));
    }

    [Fact]
    public async Task A_transaction_with_a_tag_has_it_in_its_name_and_its_time()
    {
        var tagged = (await ScanAsync("mysql.000002", isWhole: false)).Last(piece => piece.Transaction is not null);

        Assert.Equal(7063, tagged.To);
        Assert.Equal($"{MySql}:tagged:1", FormOf("mysql").Text(tagged.Transaction!.Value));
        Assert.Equal("2026-11-29T20:16", $"{Moments.Of(tagged.Committed):yyyy-MM-ddTHH:mm}");
    }

    [Theory]
    [InlineData("mariadb.000001")]
    [InlineData("mysql.000001")]
    public async Task Nothing_is_left_out_and_times_do_not_go_back(string file)
    {
        var found = await ScanAsync(file, isWhole: false);

        Assert.Equal(new FileInfo(PathOf(file)).Length, found[^1].To);
        Assert.All(found.Zip(found.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        var times = found.Where(piece => piece.Transaction is not null).Select(piece => piece.Committed).ToList();
        Assert.Equal(times.Order(), times);
        Assert.All(times, time => Assert.Equal(2026, Moments.Of(time).Year));
    }

    /// <summary>It is there whole, or not at all; wherever the file ends.</summary>
    [Theory]
    [InlineData("mariadb.000001")]
    [InlineData("mysql.000001")]
    public async Task A_file_that_is_cut_off_anywhere_has_its_whole_transactions(string file)
    {
        var all = await ScanAsync(file, isWhole: false);
        var bytes = await File.ReadAllBytesAsync(PathOf(file), None);
        for (var length = (int)all[0].From; length < bytes.Length; length += 7)
        {
            var found = await ScanAsync(file, bytes[..length], isWhole: false);

            Assert.Equal(all.Where(piece => piece.To <= length), found);
        }
    }

    [Theory]
    [InlineData("mariadb.000001", 1354)]
    [InlineData("mysql.000001", 1306)]
    public async Task What_the_server_says_is_the_end_ends_a_transaction(string file, int end)
    {
        var bytes = (await File.ReadAllBytesAsync(PathOf(file), None))[..end];

        Assert.True((await ScanAsync(file, bytes, isWhole: false))[^1].To < end);
        Assert.Equal(end, (await ScanAsync(file, bytes, isWhole: true))[^1].To);
    }

    [Fact]
    public async Task An_event_that_is_missing_in_between_is_seen()
    {
        var bytes = await File.ReadAllBytesAsync(PathOf("mariadb.000001"), None);
        byte[] holed = [.. bytes[..828], .. bytes[7425..]];

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => ScanAsync("mariadb", holed, isWhole: false));

        Assert.Equal(FaultKind.Permanent, fault.Kind);
    }

    [Fact]
    public async Task What_is_no_log_is_refused_and_one_that_is_just_being_made_is_none_yet()
    {
        using var other = new MemoryStream(new byte[1000]);
        await Assert.ThrowsAsync<DatastoreException>(() => LogHead.ReadAsync(other, None));
        using var begun = new MemoryStream((await File.ReadAllBytesAsync(PathOf("mysql.000001"), None))[..50]);
        Assert.Null(await LogHead.ReadAsync(begun, None));
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Archiving", "Files", file);

    private static LogForm FormOf(string file) =>
        file.StartsWith("mariadb", StringComparison.Ordinal) ? new MariaDbLogForm() : new MySqlLogForm();

    private static async Task<List<LoggedPiece>> ScanAsync(string file, bool isWhole) =>
        await ScanAsync(file, await File.ReadAllBytesAsync(PathOf(file), None), isWhole);

    private static async Task<List<LoggedPiece>> ScanAsync(string file, byte[] bytes, bool isWhole)
    {
        using var stream = new MemoryStream(bytes);
        var head = (await LogHead.ReadAsync(stream, None))!;
        var scanner = new LogScanner(stream, FormOf(file), head.ChecksumBytes, head.Length);
        var found = new List<LoggedPiece>();
        while (await scanner.NextAsync(bytes.Length, isWhole, None) is { } piece)
        {
            found.Add(piece);
        }

        return found;
    }
}
