using Dbaas.Datastores.Conformance;

namespace Dbaas.MySql.Tests.Engines;

internal static class MariaDbRootStatements
{
    public static RootStatements All { get; } = new(
        [
            .. FamilyRootStatements.Escapes,
            "GRANT READ_ONLY ADMIN ON *.* TO 'root'@'%'",
            "GRANT BINLOG REPLAY ON *.* TO 'root'@'%'",
            "GRANT PROCESS ON *.* TO {user}",
            "GRANT INSERT ON mysql.global_priv TO {user}",
            "GRANT USAGE ON shop.* TO {agent} IDENTIFIED BY 'x'",
            "GRANT USAGE ON shop.* TO {service} IDENTIFIED BY 'x'",
            "GRANT ALL PRIVILEGES ON shop.* TO 'x'@'%' IDENTIFIED BY 'x'",
            "GRANT ALL PRIVILEGES ON shop.* TO 'x'@'%'",
            "SET PASSWORD FOR {agent} = PASSWORD('x')",
            "SET PASSWORD FOR {user} = PASSWORD('x')",
            "CREATE USER 'x'@'%'",
            "CREATE ROLE x",
            "ALTER USER {user} IDENTIFIED BY 'x'",
            "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'root'@'%'",
            "REVOKE ALL PRIVILEGES, GRANT OPTION FROM {user}",
            "CREATE DEFINER = `mariadb.sys`@`localhost` VIEW x AS SELECT 1",
            "SET SESSION server_id = 9",
            "SET SESSION gtid_seq_no = 99",
            "SET SESSION gtid_domain_id = 9",
            "SET STATEMENT sql_log_bin = 0 FOR SELECT 1",
            "SET GLOBAL secure_auth = 0",
            "CHANGE MASTER TO MASTER_HOST = 'x'",
            "RESET MASTER",
            "RESET SLAVE ALL",
            "BACKUP STAGE START",
            "BINLOG 'x'",
            "INSTALL SONAME 'x'",
        ],
        FamilyRootStatements.Everyday,
        [
            .. FamilyRootStatements.WidenAccess,
            "GRANT ALL PRIVILEGES ON `m_sql`.* TO PUBLIC",
            "GRANT ALL PRIVILEGES ON `my%`.* TO PUBLIC",
            "GRANT ALL PRIVILEGES ON `s_s`.* TO PUBLIC",
            "REVOKE DELETE HISTORY ON mysql.* FROM '{0}'@'%'",
            "REVOKE DELETE HISTORY ON mysql.* FROM PUBLIC",
        ],
        [
            .. FamilyRootStatements.TouchTheEngine,
            "INSERT INTO mysql.global_priv VALUES ('%', 'x', '{}')",
            "UPDATE mysql.global_priv SET Priv = '{}'",
            "DELETE FROM mysql.global_priv",
            "DELETE FROM mysql.roles_mapping",
        ]);
}
