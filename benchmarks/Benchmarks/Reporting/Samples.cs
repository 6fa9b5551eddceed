using System.Globalization;

namespace Dbaas.Benchmarks.Reporting;

/// <summary>Measured values of one kind.</summary>
internal sealed class Samples
{
    private readonly List<double> values = [];

    public double Median
    {
        get
        {
            var sorted = values.Order().ToList();
            return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
        }
    }

    /// <summary>The value that this share of them is not above.</summary>
    public double At(double share) => values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(share * values.Count) - 1));

    public double Last => values[^1];

    public void Add(double value) => values.Add(value);

    public string All(string format) => string.Join(", ", values.Select(value => value.ToString(format, CultureInfo.InvariantCulture)));
}
