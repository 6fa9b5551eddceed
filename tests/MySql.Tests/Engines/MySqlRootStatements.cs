using Dbaas.Datastores.Conformance;

namespace Dbaas.MySql.Tests.Engines;

internal static class MySqlRootStatements
{
    public static RootStatements All { get; } = new(
        [
            .. FamilyRootStatements.Escapes,
            "GRANT SYSTEM_USER ON *.* TO 'root'@'%'",
            "GRANT CONNECTION_ADMIN ON *.* TO 'root'@'%'",
            "GRANT SYSTEM_VARIABLES_ADMIN ON *.* TO {user}",
            "GRANT SET_ANY_DEFINER ON *.* TO 'root'@'%'",
            "GRANT {agent} TO 'root'@'%'",
            "GRANT `mysql.session`@`localhost` TO 'root'@'%'",
            "ALTER USER `mysql.session`@`localhost` ACCOUNT UNLOCK",
            "RENAME USER `mysql.session`@`localhost` TO 'x'@'%'",
            "REVOKE SELECT ON *.* FROM {agent}",
            "REVOKE SYSTEM_USER ON *.* FROM {service}",
            "CREATE DEFINER = `mysql.sys`@`localhost` VIEW x AS SELECT 1",
            "SET ROLE {agent}",
            "SET GLOBAL super_read_only = 0",
            "SET GLOBAL partial_revokes = 0",
            "SET PERSIST read_only = 0",
            "SET PERSIST_ONLY read_only = 0",
            "SET GLOBAL mandatory_roles = 'x'",
            "SET SESSION gtid_next = '3E11FA47-71CA-11E1-9E33-C80AA9429562:23'",
            "SET GLOBAL gtid_purged = ''",
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'x'",
            "RESET BINARY LOGS AND GTIDS",
            "INSTALL COMPONENT 'file://component_validate_password'",
            "CLONE LOCAL DATA DIRECTORY = '/tmp/x'",
            "CREATE TABLE x (n INT) DATA DIRECTORY = '/tmp'",
            "LOCK INSTANCE FOR BACKUP",
            "ALTER INSTANCE RELOAD TLS",
            "CREATE RESOURCE GROUP x TYPE = USER",
        ],
        [
            .. FamilyRootStatements.Everyday,
            "CREATE USER roots_friend IDENTIFIED BY 'x'",
            "GRANT SELECT, INSERT, PROCESS ON *.* TO roots_friend WITH GRANT OPTION",
            "CREATE ROLE roots_role",
            "GRANT SELECT ON shop.* TO roots_role",
            "GRANT roots_role TO roots_friend",
            "ALTER USER roots_friend IDENTIFIED BY 'y'",
            "DROP ROLE roots_role",
            "DROP USER roots_friend",
        ],
        [
            .. FamilyRootStatements.WidenAccess,
            "CREATE ROLE roots_role",
            "GRANT INSERT, UPDATE, DELETE, CREATE, DROP ON *.* TO roots_role",
            "GRANT roots_role TO '{0}'@'%'",
            "SET DEFAULT ROLE ALL TO '{0}'@'%'",
        ],
        [
            .. FamilyRootStatements.TouchTheEngine,
            "INSERT INTO mysql.global_grants VALUES ('root', '%', 'SYSTEM_USER', 'N')",
            "UPDATE mysql.user SET User_attributes = NULL",
            "INSERT INTO mysql.role_edges VALUES ('%', 'x', '%', 'root', 'Y')",
        ]);
}
