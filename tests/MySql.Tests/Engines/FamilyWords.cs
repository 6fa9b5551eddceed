using Dbaas.Datastores.Conformance;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>What both engines take the same words for, and keep for themselves.</summary>
internal static class FamilyWords
{
    private const string Unique = "0123456789abcdef0123456789";

    public static EngineWords Words { get; } = new()
    {
        DoNothing = "SELECT 1",
        Begin = "BEGIN",
        CreateTable = "CREATE TABLE t (n INT PRIMARY KEY)",
        ReadTable = "SELECT * FROM t",
        CreateTableIn = (database, table) => $"CREATE TABLE `{database}`.`{table}` (n INT)",
        ConnectionNumber = "SELECT CONNECTION_ID()",
        EndConnection = number => $"KILL {number}",
        Maintain = ["ANALYZE TABLE rows_of_test", "OPTIMIZE TABLE rows_of_test", "CHECK TABLE rows_of_test"],
        CreateCode = "CREATE PROCEDURE roots_own() SELECT 1",
        CallCode = "CALL roots_own()",
        Sneaking = new(
            """
            CREATE FUNCTION sneak(n INT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA SQL SECURITY INVOKER
            BEGIN
                DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;
                INSERT INTO mysql.servers VALUES ('sneaked', 'h', 'd', 'u', 'p', 1, 's', 'w', 'o');
                RETURN n;
            END
            """,
            number => $"INSERT INTO rows_of_test VALUES (sneak({number}))",
            "DROP FUNCTION sneak",
            "SELECT COUNT(*) FROM mysql.servers"),
    };

    public static EngineOwn Own { get; } = new(
        ["mysql", "information_schema", "performance_schema", "sys"],
        ["MySQL", "Sys"],
        ["my%", "mysq_", "%", "_____", "s%", "m\\_sql"],
        ["mysql.", "mariadb."],
        ["repl_" + Unique, "repl_c" + Unique, "repl_t" + Unique],
        ["repl_" + Unique[1..], "repl_" + Unique.ToUpperInvariant(), "repl_", "repl_x", "dbaas_x", "mysql.x"]);
}
