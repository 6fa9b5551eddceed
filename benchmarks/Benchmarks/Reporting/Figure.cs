namespace Dbaas.Benchmarks.Reporting;

/// <summary>A line of the table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">The service's value.</param>
/// <param name="Bare">Its bare counterpart's; empty: there is none.</param>
/// <param name="Ratio">The one by the other; empty: there is none.</param>
/// <param name="Target">What is wanted; empty: reported only.</param>
/// <param name="Met">Whether it is so; null: reported only.</param>
internal sealed record Figure(string What, string Ours, string Bare, string Ratio, string Target, bool? Met);
