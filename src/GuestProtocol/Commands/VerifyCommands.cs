namespace Dbaas.GuestProtocol.Commands;

/// <summary>
/// To an instance that was filled with <see cref="RestoreBackup"/> and is to serve nobody: read all that users have in the data, and say
/// what is there. A job. Result: <see cref="DataVerified"/>; a fault is never about the data. Since protocol version 5.
/// </summary>
public sealed record VerifyData : GuestCommand
{
    /// <summary>No more tables than these are told one by one.</summary>
    public required int MostTables { get; init; }
}

/// <summary>The result of <see cref="VerifyData"/>.</summary>
/// <param name="TableCount">How many tables could be read.</param>
/// <param name="Rows">In all of them.</param>
/// <param name="Checksum">Of names, rows and checksums of all of them: SHA-256, in lower case hexadecimal digits.</param>
/// <param name="Tables">The first of them in the order of their names.</param>
/// <param name="Faults">The first things that are wrong with the data, in the engine's words. Empty: nothing is.</param>
/// <param name="FaultCount">How many things are wrong.</param>
public sealed record DataVerified(
    int TableCount, long Rows, string Checksum, IReadOnlyList<VerifiedTable> Tables, IReadOnlyList<string> Faults, int FaultCount);

/// <summary>One table.</summary>
/// <param name="Name">As the engine writes it.</param>
/// <param name="Rows">How many.</param>
/// <param name="Checksum">The engine's own; empty: there is none.</param>
public sealed record VerifiedTable(string Name, long Rows, string Checksum);
