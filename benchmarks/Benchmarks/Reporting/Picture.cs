namespace Dbaas.Benchmarks.Reporting;

/// <summary>A plot, which is written beside the Markdown file.</summary>
/// <param name="Name">The file's.</param>
/// <param name="Svg">What is in it.</param>
/// <param name="Caption">What it shows.</param>
internal sealed record Picture(string Name, string Svg, string Caption);
