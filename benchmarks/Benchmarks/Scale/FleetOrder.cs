namespace Dbaas.Benchmarks.Scale;

/// <summary>What a process of simulated agents is told.</summary>
/// <param name="GatewayUrl">Whom they call.</param>
/// <param name="Authority">The certificate that they trust, PEM.</param>
/// <param name="Agents">Who they are.</param>
internal sealed record FleetOrder(string GatewayUrl, string Authority, IReadOnlyList<FleetAgent> Agents);

/// <summary>One of them.</summary>
/// <param name="InstanceId">Its instance.</param>
/// <param name="Secret">Good for one enrolment.</param>
internal sealed record FleetAgent(string InstanceId, string Secret);
