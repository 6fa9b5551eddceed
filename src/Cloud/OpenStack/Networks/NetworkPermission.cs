using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Networks;

/// <summary>
/// Which networks a project's instances may be put into. The service's account often sees all of a cloud, so Neutron would let it make a
/// port in anybody's network, or in the one over which instances are managed.
/// </summary>
internal sealed class NetworkPermission(NeutronClient neutron, OpenStackOptions options)
{
    /// <exception cref="CloudException">It is not for this project; said in the words for one that is not there, so nobody learns what
    /// others have.</exception>
    public async Task DemandAsync(string networkId, string? project, CancellationToken cancellationToken)
    {
        if (networkId != options.NetworkId && !await IsForAsync(networkId, project, cancellationToken))
        {
            throw new CloudException($"There is no network {networkId}.", isTransient: false);
        }
    }

    private async Task<bool> IsForAsync(string networkId, string? project, CancellationToken cancellationToken) =>
        networkId != options.ManagementNetworkId
        && !string.IsNullOrEmpty(project)
        && await neutron.FindNetworkAsync(networkId, cancellationToken) is { } network
        && network.Id == networkId
        && network.Id != options.ManagementNetworkId
        && (network.Shared || IsSame(network.ProjectId, project)
            || (await neutron.ListSharingsAsync(networkId, cancellationToken)).Any(sharing => IsWith(sharing, project)));

    private static bool IsWith(NeutronSharing sharing, string project) =>
        sharing.Action == "access_as_shared" && (sharing.TargetTenant == "*" || IsSame(sharing.TargetTenant, project));

    // Keystone's ids have no dashes; some clients and services write them with.
    private static bool IsSame(string one, string other) =>
        one.Replace("-", "", StringComparison.Ordinal).Equals(other.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal);
}
