namespace Dbaas.OpenStack.Tier;

/// <summary>A request that went through the proxy.</summary>
/// <param name="Name">Its method and its route with every id as <c>{id}</c>.</param>
/// <param name="Began">When it came.</param>
/// <param name="Ended">When it was answered.</param>
internal sealed record ProxiedCall(string Name, DateTimeOffset Began, DateTimeOffset Ended);
