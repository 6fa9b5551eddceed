namespace Dbaas.Benchmarks;

/// <summary>How much is measured.</summary>
/// <param name="Runs">Of each side.</param>
/// <param name="DataMb">Rows in the master, in MB.</param>
internal sealed record BenchmarkOptions(int Runs, int DataMb);
