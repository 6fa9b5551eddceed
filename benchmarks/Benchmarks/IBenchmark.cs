using Dbaas.Benchmarks.Reporting;

namespace Dbaas.Benchmarks;

/// <summary>Measures one thing against its bare counterpart, and leaves nothing behind.</summary>
internal interface IBenchmark
{
    /// <summary>By which <c>--only</c> names it.</summary>
    string Key { get; }

    Task<Section> RunAsync(BenchmarkOptions options, Action<string> say, CancellationToken cancellationToken);
}
