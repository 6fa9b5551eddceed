namespace Dbaas.Simulation.Checks;

/// <summary>What is wrong, each under the name of the rule that it breaks.</summary>
internal sealed class Findings
{
    private readonly List<string> all = [];

    public void Add(string rule, IEnumerable<string> broken) => all.AddRange(broken.Select(one => $"[{rule}] {one}"));

    public void ThrowIfAny()
    {
        if (all.Count > 0)
        {
            throw new SimulationException(string.Join(Environment.NewLine, all));
        }
    }
}
