using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Connections;

/// <summary>The contract's exception, in short.</summary>
internal static class Faults
{
    private const MySqlErrorCode NotValidPassword = (MySqlErrorCode)1819;
    private const MySqlErrorCode ReadOnlyMode = (MySqlErrorCode)1836;

    /// <summary>MariaDB's, for a statement that took longer than it may.</summary>
    private const MySqlErrorCode StatementTimeout = (MySqlErrorCode)1969;

    public static DatastoreException Transient(string message, Exception? inner = null) => new(FaultKind.Transient, message, inner);

    public static DatastoreException Precondition(string message) => new(FaultKind.Precondition, message);

    public static DatastoreException NotFound(string message) => new(FaultKind.NotFound, message);

    public static DatastoreException Unsupported(string message) => new(FaultKind.Unsupported, message);

    public static DatastoreException Permanent(string message, Exception? inner = null) => new(FaultKind.Permanent, message, inner);

    /// <summary>The server's own words, except where they repeat part of the statement, which may hold a password.</summary>
    public static DatastoreException Of(MySqlException fault) => fault.ErrorCode is MySqlErrorCode.ParseError
        ? Permanent("The database server did not understand a statement of the agent (error 1064).")
        : new DatastoreException(KindOf(fault), $"The database server answered: {fault.Message} (error {fault.Number}).", fault);

    private static FaultKind KindOf(MySqlException fault) => fault.ErrorCode switch
    {
        // No connection, too many, a deadlock, a lock that was waited for.
        _ when fault.IsTransient => FaultKind.Transient,

        // Lost connection, shutting down, interrupted.
        MySqlErrorCode.None or MySqlErrorCode.CommandTimeoutExpired or MySqlErrorCode.ServerShutdown or MySqlErrorCode.NormalShutdown
            or MySqlErrorCode.ShutdownComplete or MySqlErrorCode.HandshakeError or MySqlErrorCode.AbortingConnection
            or MySqlErrorCode.NewAbortingConnection or MySqlErrorCode.NetReadError or MySqlErrorCode.NetReadInterrupted
            or MySqlErrorCode.NetErrorOnWrite or MySqlErrorCode.NetWriteInterrupted or MySqlErrorCode.QueryInterrupted
            or MySqlErrorCode.QueryTimeout or StatementTimeout => FaultKind.Transient,

        // Names and lengths that the engine refuses; something exists; read only.
        MySqlErrorCode.DatabaseCreateExists or MySqlErrorCode.TooLongIdentifier or MySqlErrorCode.WrongDatabaseName
            or MySqlErrorCode.UnknownCharacterSet or MySqlErrorCode.CollationCharsetMismatch or MySqlErrorCode.UnknownCollation
            or MySqlErrorCode.OptionPreventsStatement or MySqlErrorCode.CannotUser or MySqlErrorCode.WrongStringLength
            or NotValidPassword or ReadOnlyMode => FaultKind.Precondition,
        MySqlErrorCode.DatabaseDropExists or MySqlErrorCode.UnknownDatabase => FaultKind.NotFound,
        _ => FaultKind.Permanent,
    };
}
