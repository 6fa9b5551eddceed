namespace Dbaas.GuestProtocol.Reports;

/// <summary>Long work that is under way in a guest.</summary>
/// <param name="CommandId">The command that began it.</param>
/// <param name="Kind">The command's kind.</param>
/// <param name="DoneBytes">How much of the data is done.</param>
/// <param name="OfBytes">How much there is, as far as it is known; null: it is not.</param>
/// <param name="BytesPerSecond">How fast it went lately; 0 until it is known.</param>
/// <param name="WholeUntil">
/// Of an archive of a log: all that was committed until this moment, by the guest's clock, is archived; null: it is something else, or not
/// known. Since protocol version 4.
/// </param>
public sealed record JobReport(
    string CommandId, string Kind, long DoneBytes, long? OfBytes, long BytesPerSecond, DateTimeOffset? WholeUntil = null);
