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
    public Task<bool> StopServerAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("stop server", () => compute.StopServerAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<bool> StartServerAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("start server", () => compute.StartServerAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task RebootServerAsync(string key, RebootKind kind, CancellationToken cancellationToken) =>
        effects.DoAsync("reboot server", () => compute.RebootServerAsync(key, kind, cancellationToken));

    /// <inheritdoc />
    public Task<Server> ResizeServerAsync(string key, string flavorId, CancellationToken cancellationToken) =>
        effects.DoAsync("resize server", () => compute.ResizeServerAsync(key, flavorId, cancellationToken));

    /// <inheritdoc />
    public Task<Server> MigrateServerAsync(string key, string move, string? host, CancellationToken cancellationToken) =>
        effects.DoAsync("migrate server", () => compute.MigrateServerAsync(key, move, host, cancellationToken));

    /// <inheritdoc />
    public Task<Server> EvacuateServerAsync(string key, string evacuation, string? host, CancellationToken cancellationToken) =>
        effects.DoAsync("evacuate server", () => compute.EvacuateServerAsync(key, evacuation, host, cancellationToken));

    /// <inheritdoc />
    public Task<bool> ConfirmResizeAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("confirm resize", () => compute.ConfirmResizeAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<bool> RevertResizeAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("revert resize", () => compute.RevertResizeAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<Server> RebuildServerAsync(ServerSpec spec, CancellationToken cancellationToken) =>
        effects.DoAsync("rebuild server", () => compute.RebuildServerAsync(spec, cancellationToken));

    /// <inheritdoc />
    public Task FenceAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("fence server", () => compute.FenceAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<string?> ConsoleTailAsync(string key, int lines, CancellationToken cancellationToken) =>
        effects.DoAsync("console tail", () => compute.ConsoleTailAsync(key, lines, cancellationToken));

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
    public Task<Volume> EnsureVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken) =>
        effects.DoAsync("ensure volume", () => volumes.EnsureVolumeAsync(spec, cancellationToken));

    /// <inheritdoc />
    public Task<bool> DeleteVolumeAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("delete volume", () => volumes.DeleteVolumeAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("list volumes", () => volumes.ListVolumesAsync(cancellationToken));

    /// <inheritdoc />
    public Task<Volume?> FindVolumeAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("find volume", () => volumes.FindVolumeAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<VolumeType>> ListVolumeTypesAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("list volume types", () => volumes.ListVolumeTypesAsync(cancellationToken));

    /// <inheritdoc />
    public Task<Port> EnsurePortAsync(PortSpec spec, CancellationToken cancellationToken) =>
        effects.DoAsync("ensure port", () => networks.EnsurePortAsync(spec, cancellationToken));

    /// <inheritdoc />
    public Task<Port> EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken) =>
        effects.DoAsync("ensure access", () => networks.EnsureAccessAsync(key, access, cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListPortsAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("list ports", () => networks.ListPortsAsync(cancellationToken));

    /// <inheritdoc />
    public Task DeletePortAsync(string key, CancellationToken cancellationToken) =>
        effects.DoAsync("delete port", () => networks.DeletePortAsync(key, cancellationToken));

    /// <inheritdoc />
    public Task<IPAddress> EnsureHostAddressAsync(CancellationToken cancellationToken) =>
        effects.DoAsync("ensure host address", () => networks.EnsureHostAddressAsync(cancellationToken));

    public Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken) =>
        networks.EnsureGatewayAccessAsync(port, cancellationToken);
}
