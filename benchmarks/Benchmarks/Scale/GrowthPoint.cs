namespace Dbaas.Benchmarks.Scale;

/// <summary>What a task manager takes with so many agents at rest.</summary>
/// <param name="Agents">How many.</param>
/// <param name="MemoryMb">Of its process.</param>
/// <param name="Processor">Percent of one.</param>
/// <param name="Statements">A second, of the control database.</param>
/// <param name="Reports">A second, that were answered.</param>
internal sealed record GrowthPoint(int Agents, double MemoryMb, double Processor, double Statements, double Reports);
