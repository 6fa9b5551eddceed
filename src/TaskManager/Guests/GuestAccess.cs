namespace Dbaas.TaskManager.Guests;

/// <summary>How guests reach the control plane.</summary>
/// <param name="GatewayUrls">Base URLs, tried in turn.</param>
/// <param name="CaCertificates">PEM: the authority that alone they trust.</param>
public sealed record GuestAccess(IReadOnlyList<string> GatewayUrls, string CaCertificates);
