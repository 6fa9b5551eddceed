namespace Dbaas.Domain.Backups;

/// <summary>How the verification of a backup ended.</summary>
/// <param name="Fault">What is wrong with its data; null: nothing is.</param>
/// <param name="Tables">How many tables were found; null: it could not be read at all.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Checksum">Of all that was found.</param>
/// <param name="Details">What was found, table by table, as JSON.</param>
public sealed record Verdict(string? Fault, int? Tables, long? Rows, string? Checksum, string? Details);
