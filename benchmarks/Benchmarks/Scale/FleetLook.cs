namespace Dbaas.Benchmarks.Scale;

/// <summary>What the simulated agents have done by a moment.</summary>
/// <param name="Ready">Have enrolled, and one report was answered.</param>
/// <param name="Reports">Reports that were answered.</param>
/// <param name="Troubles">Calls that were not answered, or refused.</param>
/// <param name="LastTrouble">The last of them.</param>
/// <param name="At">The moment, by the machine's clock that all processes share.</param>
internal sealed record FleetLook(int Ready, long Reports, int Troubles, string? LastTrouble, long At);
