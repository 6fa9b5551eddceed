using System.Net;
using Dbaas.Cloud.Ports;

namespace Dbaas.Simulation.Effects;

/// <summary>The cloud as one life of a worker reaches it.</summary>
public sealed class ObservedCloud(ICompute compute, IVolumes volumes, INetworks networks, IEffects effects) : ICompute, IVolumes, INetworks
{
    /// <inheritdoc />
    public Task<Server> EnsureServerAsync(ServerSpec spec, CancellationToken cancellationToken) =>
        effects.DoAsync("ensure server", () => compute.EnsureServerAsync(spec, cancellationToken));

    /// <inheritdoc />
    public Task<Server?> FindServerAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("find server", () => compute.FindServerAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<bool> DeleteServerAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("delete server", () => compute.DeleteServerAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("list servers", () => compute.ListServersAsync(cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("list flavors", () => compute.ListFlavorsAsync(cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("list zones", () => compute.ListZonesAsync(cancellationToken));

    /// <inheritdoc />
    public Task EnsureVolumeAsync(string key, int sizeGb, CancellationToken cancellationToken) =>
        effects.DoAsync("ensure volume", () => volumes.EnsureVolumeAsync(key, sizeGb, cancellationToken));

    /// <inheritdoc />
    public Task DeleteVolumeAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("delete volume", () => volumes.DeleteVolumeAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("list volumes", () => volumes.ListVolumesAsync(cancellationToken));

    /// <inheritdoc />
    public Task<IPAddress> EnsurePortAsync(string key, IPAddress? requestedAddress, CancellationToken cancellationToken) =>
        effects.DoAsync("ensure port", () => networks.EnsurePortAsync(key, requestedAddress, cancellationToken));

    /// <inheritdoc />
    public Task DeletePortAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("delete port", () => networks.DeletePortAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<IPAddress> EnsureHostAddressAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("ensure host address", () => networks.EnsureHostAddressAsync(cancellationToken));
}
