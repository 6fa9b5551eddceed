namespace Dbaas.Datastores.Contract;

/// <summary>What was found in data that was read as a whole.</summary>
/// <param name="Tables">All that could be read, in the order of their names.</param>
/// <param name="Faults">What is wrong, in the engine's words, with the name of what it is about. Empty: the data is good.</param>
public sealed record DataFindings(IReadOnlyList<TableFinding> Tables, IReadOnlyList<string> Faults);

/// <summary>One table, or what the engine has in its place.</summary>
/// <param name="Name">With all that it belongs to, as the engine writes it.</param>
/// <param name="Rows">How many.</param>
/// <param name="Checksum">The same for the same rows in a server of the same version; empty: the engine has none for it.</param>
public sealed record TableFinding(string Name, long Rows, string Checksum);
