using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using MySql.Data.MySqlClient;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>The contract's exception, in short.</summary>
internal static class Faults
{
    private const int SyntaxError = 1064;

    public static DatastoreException Transient(string message, Exception? inner = null) => new(FaultKind.Transient, message, inner);

    public static DatastoreException Precondition(string message) => new(FaultKind.Precondition, message);

    public static DatastoreException NotFound(string message) => new(FaultKind.NotFound, message);

    public static DatastoreException Unsupported(string message) => new(FaultKind.Unsupported, message);

    public static DatastoreException Permanent(string message, Exception? inner = null) => new(FaultKind.Permanent, message, inner);

    /// <summary>The server's own words, except where they repeat part of the statement, which may hold a password.</summary>
    public static DatastoreException Of(MySqlException fault) => fault.Number == SyntaxError
        ? Permanent("The database server did not understand a statement of the agent (error 1064).")
        : new DatastoreException(KindOf(fault.Number), $"The database server answered: {fault.Message} (error {fault.Number}).", fault);

    private static FaultKind KindOf(int number) => number switch
    {
        // No connection, lost connection, too many connections, shutting down.
        0 or 1040 or 1042 or 1043 or 1053 or 1077 or 1079 or 1152 or 1158 or 1159 or 1160 or 1161 or (>= 2000 and < 2100) => FaultKind.Transient,

        // Lock wait, deadlock, interrupted, tables locked for a backup.
        1205 or 1213 or 1317 or 3024 or 1969 => FaultKind.Transient,

        // Names and lengths that the engine refuses; something exists; read only.
        1007 or 1059 or 1102 or 1115 or 1253 or 1273 or 1290 or 1396 or 1470 or 1819 or 1836 or 3098 => FaultKind.Precondition,
        1008 or 1049 => FaultKind.NotFound,
        _ => FaultKind.Permanent,
    };
}
