using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>What both engines take the same words for, and keep for themselves.</summary>
internal static class FamilyWords
{
    private const int ChangingRows = 100;
    private const string FillChanging =
        "INSERT INTO changing (s) SELECT REPEAT('c', 200) FROM information_schema.COLLATIONS LIMIT 100";

    private const string Unique = "0123456789abcdef0123456789";

    public static EngineWords Of(IReadOnlyList<(IReadOnlyList<string> Statements, string Query)> own) =>
        Words with { Kinds = [.. Words.Kinds, .. own] };

    private static EngineWords Words { get; } = new()
    {
        DoNothing = "SELECT 1",
        Begin = "BEGIN",
        Commit = "COMMIT",
        Kinds =
        [
            (
                [
                    "CREATE TABLE parts (n INT PRIMARY KEY, s VARCHAR(40)) PARTITION BY RANGE (n) "
                        + "(PARTITION a VALUES LESS THAN (100), PARTITION b VALUES LESS THAN MAXVALUE)",
                    "INSERT INTO parts VALUES (1, 'ä'), (200, 'ß')",
                    "ALTER TABLE parts REORGANIZE PARTITION b INTO "
                        + "(PARTITION c VALUES LESS THAN (300), PARTITION d VALUES LESS THAN MAXVALUE)",
                ],
                "SELECT CRC32(CONCAT(n, s)) % 1000000 FROM parts UNION ALL "
                    + "SELECT COUNT(*) FROM information_schema.PARTITIONS WHERE TABLE_NAME = 'parts'"),
            (
                [
                    "CREATE TABLE packed (n INT PRIMARY KEY, b LONGBLOB) ROW_FORMAT = COMPRESSED KEY_BLOCK_SIZE = 4",
                    "INSERT INTO packed VALUES (1, REPEAT('packed ', 30000))",
                ],
                "SELECT CRC32(b) % 1000000 FROM packed"),
            (
                [
                    "CREATE TABLE written (n INT PRIMARY KEY, t TEXT, up INT AS (n * 2) STORED, FULLTEXT (t))",
                    "CREATE TABLE child (n INT PRIMARY KEY, w INT, FOREIGN KEY (w) REFERENCES written (n) ON DELETE CASCADE)",
                    "INSERT INTO written (n, t) VALUES (1, 'a word of ours'), (2, 'another')",
                    "INSERT INTO child VALUES (1, 1), (2, 2)",
                    "CREATE VIEW seen AS SELECT n, up FROM written",
                    "CREATE TRIGGER counted AFTER INSERT ON written FOR EACH ROW INSERT INTO child VALUES (NEW.n, NEW.n)",
                ],
                "SELECT n FROM written WHERE MATCH (t) AGAINST ('word') UNION ALL SELECT up FROM seen UNION ALL SELECT w FROM child "
                    + "UNION ALL SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_NAME = 'counted'"),
            (
                [
                    "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM parts WHERE n < 0",
                    "CREATE EVENT off ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1",
                ],
                "SELECT CRC32(CONCAT(EVENT_NAME, STATUS, DEFINER)) % 1000000 FROM information_schema.EVENTS ORDER BY 1"),
        ],
        Restless =
        [
            "CREATE TABLE `an odd ``name``; -- ä` (n INT PRIMARY KEY, next INT AS (n + 1) VIRTUAL, INDEX (next))",
            "INSERT INTO `an odd ``name``; -- ä` (n) VALUES (1), (2)",
            "CREATE TABLE restless (n INT AUTO_INCREMENT PRIMARY KEY, d DATETIME)",
            "CREATE TRIGGER never BEFORE INSERT ON rows_of_test FOR EACH ROW INSERT INTO restless (d) VALUES (NOW())",
            "CREATE EVENT busy ON SCHEDULE EVERY 1 SECOND DO INSERT INTO restless (d) VALUES (NOW())",
            "CREATE VIEW broken AS SELECT n FROM restless",
        ],
        RestlessTable = "restless",
        Grow =
        [
            n => $"INSERT INTO parts VALUES ({n}, 'p')",
            n => $"INSERT INTO packed VALUES ({n}, REPEAT('{n}', 20000))",
            n => $"INSERT INTO written (n, t) VALUES ({n}, 'a word {n}')",
            n => $"CREATE EVENT e{n} ON SCHEDULE EVERY 1 DAY DO SELECT {n}",
            n => $"CREATE EVENT o{n} ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT {n}",
        ],
        Reshape =
        [
            "CREATE TABLE IF NOT EXISTS moving (n INT AUTO_INCREMENT PRIMARY KEY, s CHAR(200))",
            "INSERT INTO moving (s) SELECT REPEAT('m', 200) FROM information_schema.COLLATIONS LIMIT 100",
            "ALTER TABLE moving ADD COLUMN more INT DEFAULT 7, ALGORITHM = COPY",
            "ALTER TABLE moving ADD INDEX (s)",
            "OPTIMIZE TABLE moving",
            "RENAME TABLE moving TO moved",
            "TRUNCATE TABLE moved",
            "DROP TABLE moved",
        ],
        Clear = ["DROP TABLE IF EXISTS moving, moved"],
        MakeChanging =
        [
            "CREATE TABLE changing (n INT AUTO_INCREMENT PRIMARY KEY, s CHAR(200))",
            FillChanging,
        ],
        ChangingRows = ChangingRows,
        CountChanging = "SELECT COUNT(*) FROM changing WHERE s = REPEAT('c', 200)",
        Change = change => change switch
        {
            TableChange.Copied =>
            [
                "ALTER TABLE changing ADD COLUMN more INT DEFAULT 7, ALGORITHM = COPY",
                "ALTER TABLE changing DROP COLUMN more, ALGORITHM = COPY",
            ],
            TableChange.InPlace =>
            [
                "ALTER TABLE changing ADD INDEX (s), ALGORITHM = INPLACE",
                "ALTER TABLE changing DROP INDEX s, ALGORITHM = INPLACE",
            ],
            TableChange.AtOnce =>
            [
                "ALTER TABLE changing ADD COLUMN more INT DEFAULT 7, ALGORITHM = INSTANT",

                // Made anew: after some dozens or hundreds of columns that came and went nothing is done at once any more.
                "ALTER TABLE changing DROP COLUMN more, FORCE, ALGORITHM = INPLACE",
            ],
            TableChange.Optimized => ["OPTIMIZE TABLE changing"],
            TableChange.Emptied => ["TRUNCATE TABLE changing", FillChanging],
            TableChange.Dropped =>
            [
                "DROP TABLE changing", "CREATE TABLE changing (n INT AUTO_INCREMENT PRIMARY KEY, s CHAR(200))", FillChanging,
            ],
            TableChange.Renamed => ["RENAME TABLE changing TO changed", "RENAME TABLE changed TO changing"],
            _ => throw new ArgumentOutOfRangeException(nameof(change)),
        },
        ClearChanging = ["DROP TABLE IF EXISTS changing, changed"],
        Prepare = (name, statement) => [$"XA START '{name}'", statement, $"XA END '{name}'", $"XA PREPARE '{name}'"],
        CommitPrepared = name => $"XA COMMIT '{name}'",
        RollbackPrepared = name => $"XA ROLLBACK '{name}'",
        NoPrepared = "XAER_NOTA",
        LockRows = "LOCK TABLES rows_of_test WRITE",
        ChangeForLong = "UPDATE rows_of_test SET n = n + 1000 + SLEEP(600)",
        CreateTable = "CREATE TABLE t (n INT PRIMARY KEY)",
        ReadTable = "SELECT * FROM t",
        CreateTableIn = (database, table) => $"CREATE TABLE `{database}`.`{table}` (n INT)",
        ConnectionNumber = "SELECT CONNECTION_ID()",
        EndConnection = number => $"KILL {number}",
        Maintain = ["ANALYZE TABLE rows_of_test", "OPTIMIZE TABLE rows_of_test", "CHECK TABLE rows_of_test"],
        TakeLong = "SELECT SLEEP(1.1)",
        Say = text => $"SELECT '{text}'",
        SayPassword = password =>
        [
            $"CREATE USER said IDENTIFIED BY '{password}'",
            $"create user said\n  identified\n  by '{password}'",
            $"CREATE USER said IDENTIFIED BY '{password}' refused /* as no statement",
            $"ALTER USER CURRENT_USER() IDENTIFIED BY '{password}'",
            $"SET PASSWORD FOR said = '{password}'",
            $"SET PASSWORD FOR said = PASSWORD('{password}')",
            $"GRANT SELECT ON *.* TO said IDENTIFIED BY '{password}'",
            $"PREPARE p FROM \"CREATE USER said IDENTIFIED BY '{password}'\"",
            $"CHANGE MASTER TO MASTER_HOST = 'h', MASTER_PASSWORD = '{password}'",
            $"CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'h', SOURCE_PASSWORD = '{password}'",
            $"CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (USER 'u', PASSWORD '{password}')",
            $"CREATE TABLE f (n INT) ENGINE = FEDERATED CONNECTION = 'mysql://u:{password}@h/d/t'",
        ],
        OtherLogs = new Dictionary<string, string>
        {
            ["general_log"] = "1", ["slow_query_log"] = "1", ["log_output"] = "TABLE", ["general_log_file"] = "elsewhere",
        },
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
