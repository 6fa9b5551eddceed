using Dbaas.Datastores.MySql.Logs;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.MySql.Tests.Logs;

public sealed class DiscretionTests
{
    [Theory]
    [InlineData("\t\t     7 Query\tSELECT 1\n", "\t\t     7 Query\tSELECT 1\n")]
    [InlineData("\t\t     7 Query\tCREATE USER a IDENTIFIED BY 'x'\n", "\t\t     7 Query\tCREATE USER a IDENTIFIED [not shown]\n")]
    [InlineData("\t\t     7 Query\tALTER USER a\n identified\n by 0x78\n", "\t\t     7 Query\tALTER USER a\n identified [not shown]\n")]
    [InlineData(
        "\t\t     7 Query\tSET PASSWORD = 'x'\n\t\t     7 Quit\t\n",
        "\t\t     7 Query\tSET PASSW [not shown]\n\t\t     7 Quit\t\n")]
    [InlineData(
        "261130  7:00:00\t     7 Query\tSET @p = PASSWORD('x')\n261130 17:00:01\t    71 Query\tSELECT 2\n",
        "261130  7:00:00\t     7 Query\tSET @p = PASSW [not shown]\n261130 17:00:01\t    71 Query\tSELECT 2\n")]
    [InlineData(
        "2026-11-30T07:00:00.123456Z\t   12 Query\tgrant x to y identified by 'z'\n2026-11-30T07:00:00.2Z\t   12 Init DB\tshop\n",
        "2026-11-30T07:00:00.123456Z\t   12 Query\tgrant x to y identified [not shown]\n2026-11-30T07:00:00.2Z\t   12 Init DB\tshop\n")]
    [InlineData(
        "\t\t     7 Query\tCREATE TABLE f (n INT) ENGINE=FEDERATED CONNECTION ='mysql://u:x@h/d'\n",
        "\t\t     7 Query\tCREATE TABLE f (n INT) ENGINE=FEDERATED CONNECTION = [not shown]\n")]
    public void Of_what_clients_say_nothing_is_shown_behind_a_word_that_passwords_come_with(string written, string shown) =>
        Assert.Equal(shown, Discretion.Of(written, LogKind.General.Entry));

    [Fact]
    public void In_the_slow_query_log_the_head_of_an_entry_is_shown_and_the_next_entry_too()
    {
        const string head =
            "# Time: 261130  7:00:00\n# User@Host: app[app] @  [10.0.0.1]\n# Query_time: 2.0  Lock_time: 0.0\nSET timestamp=1;\n";

        Assert.Equal(
            $"{head}ALTER USER a IDENTIFIED [not shown]\n{head}SELECT SLEEP(2);\n",
            Discretion.Of($"{head}ALTER USER a IDENTIFIED BY 'x';\n{head}SELECT SLEEP(2);\n", LogKind.SlowQuery.Entry));
    }

    [Fact]
    public void Of_failed_logins_the_error_log_shows_all_and_of_a_statement_that_a_slave_cannot_do_nothing_behind_the_word()
    {
        const string denied = "2026-11-30  7:00:00 5 [Warning] Access denied for user 'a'@'h' (using password: YES)\n";
        const string slave =
            "2026-11-30  7:00:01 6 [ERROR] Slave SQL: Error 'CREATE USER failed' on query. Query: 'CREATE USER a IDENTIFIED";

        Assert.Equal($"{denied}{slave} [not shown]\n{denied}", Discretion.Of($"{denied}{slave} BY 'x''\n{denied}", LogKind.Error.Entry));
    }
}
