using Dbaas.Datastores.MySql.Server;

namespace Dbaas.MySql.Tests.Server;

public sealed class ErrorLogTests
{
    [Fact]
    public void The_first_error_of_the_last_start_is_the_reason()
    {
        const string MariaDb = """
            2026-11-29  1:00:00 0 [Note] Starting MariaDB 10.11.19-MariaDB-0+deb12u1 source revision x as process 11
            2026-11-29  1:00:01 0 [ERROR] InnoDB: of an earlier start
            2026-11-29  2:00:00 0 [Note] Starting MariaDB 10.11.19-MariaDB-0+deb12u1 source revision x as process 12
            2026-11-29  2:00:01 0 [Warning] something
            2026-11-29  2:00:01 0 [ERROR] InnoDB: The log sequence number is in the future
            2026-11-29  2:00:01 0 [ERROR] Plugin 'InnoDB' init function returned error.
            2026-11-29  2:00:01 0 [ERROR] Aborting
            """;
        const string MySql = """
            2026-11-29T02:00:00.1Z 0 [System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 9.7.4) starting as process 77
            2026-11-29T02:00:01.1Z 1 [ERROR] [MY-011087] [Server] Different lower_case_table_names settings for server ('1') and data dictionary ('0').
            2026-11-29T02:00:01.1Z 0 [ERROR] [MY-010119] [Server] Aborting
            """;

        Assert.Equal("InnoDB: The log sequence number is in the future", ErrorLog.ReasonIn(MariaDb));
        Assert.StartsWith("Different lower_case_table_names settings", ErrorLog.ReasonIn(MySql), StringComparison.Ordinal);
        Assert.Equal(
            "mbstream: Can't create file", ProcessResults.ReasonIn("mbstream: Can't create file\ncat: write error: Broken pipe\n"));
        Assert.Contains(
            "faster than its data can be copied",
            ProcessResults.ReasonIn(
                "[00] Was only able to copy log from 1 to 2, not 3; try increasing innodb_log_file_size\nmariabackup: Error: x"),
            StringComparison.Ordinal);
        const string full = "mbstream: Error writing file './a' (Errcode: 28 \"No space left on device\")";
        Assert.Equal(full, ProcessResults.ReasonIn($"{full}\n[00] 2026-11-29 16:04:24 mbstream: my_write() failed.\n"));
        Assert.Equal("the last word", ProcessResults.ReasonIn("anything\nthe last word\n"));
        Assert.Null(ProcessResults.ReasonIn(""));
        Assert.Null(ErrorLog.ReasonIn("2026 [Note] Starting MariaDB as process 12\n2026 [Note] ready for connections"));
        Assert.Null(ErrorLog.ReasonOfLastStart("/nowhere/error.log", 0));
    }

    [Fact]
    public void Of_what_a_server_says_before_its_log_is_open_the_last_line_that_is_no_remark_is_the_reason()
    {
        Assert.Equal("Character set 'nosuch' is not compiled", ErrorLog.ReasonInOutput(
            "0 [Warning] Could not increase it\nmariadbd: Character set 'nosuch' is not compiled\n2026 0 [ERROR] Aborting\n\n"));
        Assert.Equal("mariadbd: Error while setting value", ErrorLog.ReasonInOutput(
            "2026 0 [ERROR] mariadbd: Error while setting value\n2026 0 [ERROR] Aborting"));
        Assert.Equal("it is too late", ErrorLog.ReasonInOutput("it is early\nit is too late\n2026 0 [ERROR] Aborting"));
        Assert.Null(ErrorLog.ReasonInOutput(""));
        Assert.Null(ErrorLog.ReasonInOutput("[Note] nothing\n"));
    }

    [Fact]
    public void What_is_older_than_the_last_start_is_no_reason()
    {
        var path = Path.GetTempFileName();
        try
        {
            const string Old = "0 [Note] Starting as process 1\n0 [ERROR] of an earlier start\n";
            File.WriteAllText(path, Old);
            Assert.Equal("of an earlier start", ErrorLog.ReasonOfLastStart(path, 0));
            Assert.Null(ErrorLog.ReasonOfLastStart(path, Old.Length));

            // It was turned meanwhile.
            Assert.Equal("of an earlier start", ErrorLog.ReasonOfLastStart(path, 10 * Old.Length));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
