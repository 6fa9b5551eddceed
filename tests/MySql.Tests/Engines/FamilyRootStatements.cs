namespace Dbaas.MySql.Tests.Engines;

/// <summary>What both engines take the same words for.</summary>
internal static class FamilyRootStatements
{
    public static IReadOnlyList<string> Escapes { get; } =
    [
        // More for himself.
        "GRANT SUPER ON *.* TO 'root'@'%'",
        "GRANT ALL PRIVILEGES ON *.* TO 'root'@'%'",
        "GRANT FILE ON *.* TO {user}",
        "GRANT INSERT ON mysql.* TO 'root'@'%'",
        "GRANT INSERT ON mysql.db TO 'root'@'%'",
        "GRANT INSERT ON mysql.* TO {user}",
        "GRANT PROXY ON {agent} TO 'root'@'%'",

        // The service's accounts.
        "ALTER USER {agent} IDENTIFIED BY 'x'",
        "RENAME USER {agent} TO 'x'@'%'",
        "DROP USER {agent}",
        "SET PASSWORD FOR {agent} = 'x'",
        "ALTER USER {service} IDENTIFIED BY 'x'",
        "ALTER USER {service} REQUIRE NONE",
        "RENAME USER {service} TO 'x'@'%'",
        "DROP USER {service}",
        "SET PASSWORD FOR {service} = 'x'",
        "REVOKE REPLICATION SLAVE ON *.* FROM {service}",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM {service}",

        // Code that runs as somebody else.
        "CREATE DEFINER = {agent} PROCEDURE x() SELECT 1",
        "CREATE DEFINER = {agent} FUNCTION x() RETURNS INT DETERMINISTIC RETURN 1",
        "CREATE DEFINER = {agent} VIEW x AS SELECT 1",
        "CREATE DEFINER = {agent} TRIGGER x BEFORE INSERT ON rows_of_test FOR EACH ROW SET NEW.n = 1",
        "CREATE DEFINER = {agent} EVENT x ON SCHEDULE EVERY 1 HOUR DO SELECT 1",
        "CREATE TRIGGER mysql.x BEFORE INSERT ON mysql.db FOR EACH ROW SET NEW.Db = 'x'",
        "CREATE EVENT mysql.x ON SCHEDULE EVERY 1 HOUR DO SELECT 1",

        // Writing on a slave, and beside the log.
        "SET GLOBAL read_only = 0",
        "SET SESSION sql_log_bin = 0",
        "SET SESSION binlog_format = 'STATEMENT'",
        "SET SESSION pseudo_thread_id = 7",
        "SET GLOBAL event_scheduler = 1",
        "SET GLOBAL init_connect = 'x'",
        "SET GLOBAL log_bin_trust_function_creators = 0",
        "SET GLOBAL general_log = 1",

        // Replication.
        "START REPLICA",
        "STOP REPLICA",
        "RESET REPLICA ALL",
        "PURGE BINARY LOGS BEFORE NOW()",
        "PURGE BINARY LOGS TO 'x'",
        "FLUSH LOGS",
        "FLUSH TABLES",
        "FLUSH TABLES WITH READ LOCK",
        "FLUSH PRIVILEGES",

        // Files, programs, the server itself.
        "LOAD DATA INFILE '/etc/passwd' INTO TABLE rows_of_test",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT 1 INTO DUMPFILE '/tmp/x'",
        "INSTALL PLUGIN x SONAME 'x.so'",
        "UNINSTALL PLUGIN x",
        "CREATE FUNCTION foreign_code RETURNS INTEGER SONAME 'x.so'",
        "CREATE SERVER x FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x')",
        "SHUTDOWN",
    ];

    public static IReadOnlyList<string> TouchTheEngine { get; } =
    [
        "INSERT INTO mysql.db (Host, Db, User) VALUES ('%', 'x', 'x')",
        "UPDATE mysql.db SET Insert_priv = 'Y'",
        "DELETE FROM mysql.db",
        "INSERT INTO mysql.proxies_priv (Host, User, Proxied_host, Proxied_user, With_grant, Grantor) VALUES ('%', 'root', "
            + "'%', 'x', 1, 'x')",
        "INSERT INTO mysql.func (name, dl, type) VALUES ('x', 'x.so', 'function')",
        "INSERT INTO mysql.plugin VALUES ('x', 'x.so')",
        "DELETE FROM mysql.user",
        "CREATE TABLE mysql.x (n INT)",
        "CREATE PROCEDURE mysql.x() SELECT 1",
        "ALTER TABLE mysql.db RENAME shop.x",
        "RENAME TABLE shop.rows_of_test TO mysql.x",
        "LOCK TABLES mysql.db WRITE",
        "DROP TABLE mysql.db",
        "DROP DATABASE mysql",

        // By the definer of these routines one gets at the accounts.
        "ALTER PROCEDURE sys.execute_prepared_stmt SQL SECURITY DEFINER",
        "CREATE PROCEDURE sys.x() SELECT 1",
        "DROP DATABASE sys",
    ];

    public static IReadOnlyList<string> WidenAccess { get; } =
    [
        "GRANT ALL PRIVILEGES ON `mysq_`.* TO '{0}'@'%'",
        "GRANT ALL PRIVILEGES ON `_____`.* TO '{0}'@'%'",
        "GRANT ALL PRIVILEGES ON `m%`.* TO '{0}'@'%'",
        "GRANT ALL PRIVILEGES ON `mysql%`.* TO '{0}'@'%'",
        "GRANT ALL PRIVILEGES ON `s%`.* TO '{0}'@'%'",
        "GRANT ALL PRIVILEGES ON `sy_`.* TO '{0}'@'%'",
        "GRANT ALL PRIVILEGES ON `%`.* TO '{0}'@'%' WITH GRANT OPTION",
        "GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER ROUTINE ON *.* TO '{0}'@'%'",
        "REVOKE SELECT ON mysql.* FROM '{0}'@'%'",
        "REVOKE ALL PRIVILEGES ON mysql.* FROM '{0}'@'%'",
    ];

    public static IReadOnlyList<string> Everyday { get; } =
    [
        "CREATE DATABASE `any na%me_`",
        "CREATE DATABASE mysqa",
        "CREATE TABLE mysqa.t (n INT PRIMARY KEY)",
        "USE `any na%me_`",
        "CREATE TABLE t (n INT PRIMARY KEY, m INT)",
        "ALTER TABLE t ADD INDEX by_m (m)",
        "CREATE VIEW v AS SELECT n FROM t",
        "CREATE PROCEDURE p() SELECT COUNT(*) FROM t",
        "CREATE FUNCTION f(n INT) RETURNS INT RETURN n + 1",
        "CREATE TRIGGER raise_m BEFORE INSERT ON t FOR EACH ROW SET NEW.m = f(NEW.n)",
        "CREATE EVENT e ON SCHEDULE EVERY 1 HOUR DO DELETE FROM t",
        "INSERT INTO t (n) VALUES (1), (2)",
        "UPDATE t SET m = 7 WHERE n = 1",
        "DELETE FROM t WHERE n = 2",
        "CALL p()",
        "LOCK TABLES t WRITE",
        "UNLOCK TABLES",
        "CREATE TEMPORARY TABLE aside AS SELECT * FROM t",
        "ANALYZE TABLE t",
        "OPTIMIZE TABLE t",
        "GRANT ALL PRIVILEGES ON mysqa.* TO {user}",
        "GRANT SELECT ON `any na%me_`.t TO {user}",
        "GRANT EXECUTE ON PROCEDURE p TO {user}",
        "REVOKE ALL PRIVILEGES ON mysqa.* FROM {user}",
        "REVOKE SELECT ON t FROM {user}",
        "REVOKE EXECUTE ON PROCEDURE p FROM {user}",
        "SHOW PROCESSLIST",
        "SHOW GRANTS FOR {user}",
        "SHOW BINARY LOGS",
        "SHOW REPLICA STATUS",
        "SELECT COUNT(*) FROM mysql.user",
        "SELECT COUNT(*) FROM information_schema.tables",
        "SELECT COUNT(*) FROM performance_schema.setup_consumers",
        "SELECT * FROM sys.version",
        "TRUNCATE TABLE t",
        "DROP DATABASE `any na%me_`",
        "DROP DATABASE mysqa",
    ];
}
