namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>A transaction in a file of the log, or an event that belongs to none.</summary>
/// <param name="From">Where it begins in the file.</param>
/// <param name="To">Where the next one begins.</param>
/// <param name="Transaction">Its name; null: it is none.</param>
/// <param name="Committed">When it was committed, in Unix microseconds, as far as the engine says it.</param>
internal readonly record struct LoggedPiece(long From, long To, LoggedName? Transaction, long Committed);

/// <summary>The name of a transaction.</summary>
/// <param name="Owner">Who gave the number, as the engine writes it.</param>
/// <param name="Number">The number.</param>
internal readonly record struct LoggedName(string Owner, long Number);
