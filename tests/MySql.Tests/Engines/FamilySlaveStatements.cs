using Dbaas.Datastores.Conformance;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>What both engines take the same words for.</summary>
internal static class FamilySlaveStatements
{
    /// <summary>As the datastore logs it.</summary>
    private const string Mended = "taken out of its history";

    /// <summary>Those of one connection are parted by semicolons.</summary>
    public static SlaveStatements Of(IReadOnlyList<string> onTheMaster, IReadOnlyList<string> onTheSlave) =>
        new(onTheMaster, [.. onTheSlave.Select(line => line.Split(';', StringSplitOptions.TrimEntries))], Mended);

    public static IReadOnlyList<string> OnTheMaster { get; } =
    [
        "CREATE TABLE plain (id INT PRIMARY KEY AUTO_INCREMENT, b INT)",
        "INSERT INTO plain (b) VALUES (1), (2)",
        "CREATE PROCEDURE write_one() INSERT INTO plain (b) VALUES (9)",
        "CREATE PROCEDURE look_up() SELECT COUNT(*) FROM plain",
    ];

    public static IReadOnlyList<string> OnTheSlave { get; } =
    [
        "INSERT INTO plain (b) VALUES (3); UPDATE plain SET b = 4; DELETE FROM plain; REPLACE INTO plain VALUES (1, 1); "
            + "TRUNCATE TABLE plain",
        "CREATE TABLE x (n INT); ALTER TABLE plain ADD c INT; DROP TABLE plain; RENAME TABLE plain TO x; CREATE INDEX i ON plain (b)",
        "CREATE DATABASE x; DROP DATABASE shop; ALTER DATABASE shop CHARACTER SET utf8mb4; CREATE VIEW x AS SELECT 1; CREATE "
            + "PROCEDURE x() SELECT 1",
        "CREATE TRIGGER x BEFORE INSERT ON plain FOR EACH ROW SET NEW.b = 1; CREATE EVENT x ON SCHEDULE EVERY 1 HOUR DO SELECT 1",
        "CREATE TEMPORARY TABLE t (n INT); INSERT INTO t VALUES (1); UPDATE t SET n = 2; ALTER TABLE t ADD m INT; DROP TEMPORARY TABLE t",
        "CREATE TEMPORARY TABLE t AS SELECT * FROM plain; TRUNCATE TABLE t; DROP TABLE t",
        "BEGIN; CREATE TEMPORARY TABLE t (n INT) ENGINE = InnoDB; INSERT INTO t VALUES (1); SELECT * FROM plain; COMMIT",
        "START TRANSACTION; SELECT * FROM plain FOR UPDATE; SAVEPOINT s; ROLLBACK TO s; COMMIT AND CHAIN; ROLLBACK",
        "XA START 'x'; SELECT * FROM plain; XA END 'x'; XA PREPARE 'x'; XA COMMIT 'x'",
        "XA START 'y'; SELECT * FROM plain; XA END 'y'; XA COMMIT 'y' ONE PHASE",
        "LOCK TABLES plain READ; UNLOCK TABLES; LOCK TABLES plain WRITE; UNLOCK TABLES",
        "CALL look_up(); CALL write_one()",
        "PREPARE p FROM 'ANALYZE TABLE plain'; EXECUTE p; DEALLOCATE PREPARE p",
        "HANDLER plain OPEN; HANDLER plain READ FIRST; HANDLER plain CLOSE",
        "ANALYZE TABLE plain; CHECK TABLE plain; CHECKSUM TABLE plain; OPTIMIZE TABLE plain; REPAIR TABLE plain",
        "ANALYZE LOCAL TABLE plain; ANALYZE NO_WRITE_TO_BINLOG TABLE plain; OPTIMIZE LOCAL TABLE plain; REPAIR LOCAL TABLE plain",
        "ANALYZE TABLE absent; REPAIR TABLE absent; OPTIMIZE TABLE absent",
        "FLUSH TABLES; FLUSH LOCAL TABLES; FLUSH STATUS; FLUSH LOCAL STATUS; FLUSH LOCAL LOGS; FLUSH LOCAL PRIVILEGES",
        "SELECT * FROM plain INTO @a, @b; SET @x = 1; SET SESSION sql_mode = ''; DO SLEEP(0); SELECT GET_LOCK('x', 0); SELECT "
            + "RELEASE_LOCK('x')",
        "EXPLAIN SELECT * FROM plain; DESCRIBE plain; SHOW TABLES; SHOW WARNINGS; HELP 'x'; SHOW BINARY LOGS; SHOW REPLICA STATUS",
        "SET PASSWORD = 'x'; ALTER USER USER() IDENTIFIED BY 'x'; CREATE USER x; GRANT SELECT ON shop.* TO app; SET ROLE NONE; "
            + "SET DEFAULT ROLE NONE",
        "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE plain; SELECT 1 INTO OUTFILE '/tmp/x'; KILL 999999",
        "CACHE INDEX plain IN hot; LOAD INDEX INTO CACHE plain; ALTER TABLE plain ENGINE = InnoDB; CREATE SEQUENCE s; SET "
            + "SESSION sql_log_bin = 0",
    ];
}
