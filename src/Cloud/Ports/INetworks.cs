using System.Net;

namespace Dbaas.Cloud.Ports;

/// <summary>Addresses. Keys are ours; every call may be repeated.</summary>
public interface INetworks
{
    /// <summary>Makes sure that the port exists.</summary>
    /// <param name="key">Ours.</param>
    /// <param name="requestedAddress">An address asked for; null: any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Its address: the same for every call with this key.</returns>
    Task<IPAddress> EnsurePortAsync(string key, IPAddress? requestedAddress, CancellationToken cancellationToken);

    /// <summary>Makes sure that the port is gone. Its server is gone already.</summary>
    Task DeletePortAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes sure that guests can reach this host.</summary>
    /// <returns>The address on which the gateway is to listen for them.</returns>
    Task<IPAddress> EnsureHostAddressAsync(CancellationToken cancellationToken);
}
