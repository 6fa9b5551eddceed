namespace Dbaas.TroveCli.Output;

/// <summary>How far something is.</summary>
/// <param name="State">What it is at, in words that change with each step.</param>
/// <param name="Amount">How much of it is done, in words that change all the time; null: not known.</param>
/// <param name="Share">How much of it is done, from 0 to 1; null: not known.</param>
internal sealed record Sight(string State, string? Amount = null, double? Share = null)
{
    public override string ToString() => Amount is null ? State : $"{State}, {Amount}";
}
