namespace Dbaas.Benchmarks.ListInstances;

/// <summary>What a load generator saw.</summary>
/// <param name="Requests">Answered with 200 in the measured time.</param>
/// <param name="Failures">Answered otherwise, ever.</param>
/// <param name="Seconds">The measured time.</param>
internal sealed record Load(long Requests, long Failures, double Seconds)
{
    /// <summary>Over how many connections.</summary>
    public const int Connections = 16;
}
