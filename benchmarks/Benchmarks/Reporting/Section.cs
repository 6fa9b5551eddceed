namespace Dbaas.Benchmarks.Reporting;

/// <summary>What one benchmark found.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Method">How it was measured: a paragraph.</param>
/// <param name="Figures">Lines of the table.</param>
/// <param name="Notes">More about them.</param>
/// <param name="Picture">A plot; null: there is none.</param>
internal sealed record Section(
    string Title, string Method, IReadOnlyList<Figure> Figures, IReadOnlyList<string> Notes, Picture? Picture = null);
