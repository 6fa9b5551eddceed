using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Libvirt.Disks;
using Dbaas.Cloud.Libvirt.Networks;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Domains;

/// <summary>Servers as virtual machines.</summary>
internal sealed class LibvirtCompute(
    LibvirtOptions options,
    Names names,
    DomainStore domains,
    Power power,
    StoragePool pool,
    ServerDisks disks,
    LibvirtNetworks networks,
    Virsh virsh) : ICompute
{
    private const int TailBytes = 64 << 10;
    private readonly KeyedLock _locks = new();
    private bool? _usesKvm;

    public async Task<Server> EnsureServerAsync(ServerSpec spec, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(spec.Key, cancellationToken);
        if (await domains.FindAsync(spec.Key, cancellationToken) is null)
        {
            spec.Group?.RefuseOnOneHost();
            await DefineAsync(spec, cancellationToken);
        }

        return await RunAsync(spec.Key, cancellationToken);
    }

    public async Task<Server?> FindServerAsync(string key, CancellationToken cancellationToken) =>
        await domains.FindAsync(key, cancellationToken) is { } domain ? Describe(domain) : null;

    public async Task<bool> DeleteServerAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var name = names.Of(key);
        await power.CutAsync(name, cancellationToken);

        // With what an operator may have made of it: libvirt refuses a bare undefine then.
        await virsh.FindAsync(
            ["undefine", name, "--managed-save", "--snapshots-metadata", "--checkpoints-metadata", "--nvram"], cancellationToken);
        await disks.RemoveAsync(key, butBuild: null, cancellationToken);
        return true;
    }

    public async Task<bool> StopServerAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        return await power.OffAsync(await domains.GetAsync(key, cancellationToken), cancellationToken);
    }

    public async Task<bool> StartServerAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        await RunAsync(key, cancellationToken);
        return true;
    }

    public async Task RebootServerAsync(string key, RebootKind kind, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        await power.RebootAsync(key, kind, cancellationToken);
    }

    public async Task<Server> ResizeServerAsync(string key, string flavorId, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var domain = await domains.GetAsync(key, cancellationToken);
        if (domain.Record.FlavorId != flavorId)
        {
            var record = domain.Record with { FlavorId = flavorId, OldFlavorId = domain.Record.FlavorId, Refusal = null };
            await domains.DefineAsync(DomainXml.Change(domain.Description, record, FlavorOf(flavorId)), cancellationToken);
        }

        try
        {
            return await RunAsync(key, cancellationToken);
        }
        catch (CloudException e)
        {
            domain = await domains.GetAsync(key, cancellationToken);
            if (domain.Record.OldFlavorId is { } old)
            {
                return await GoBackAsync(domain, old, e.Message, cancellationToken);
            }

            throw;
        }
    }

    public Task<Server> MigrateServerAsync(string key, string move, string? host, CancellationToken cancellationToken) =>
        throw new CloudException("A server of this libvirt cannot be moved: it has one host.", isTransient: false);

    public Task<Server> EvacuateServerAsync(string key, string evacuation, string? host, CancellationToken cancellationToken) =>
        throw new CloudException("A server of this libvirt cannot be evacuated: it has one host.", isTransient: false);

    public async Task<bool> ConfirmResizeAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var domain = await domains.GetAsync(key, cancellationToken);
        if (domain.Record.OldFlavorId is not null)
        {
            var record = domain.Record with { OldFlavorId = null };
            await domains.DefineAsync(DomainXml.Change(domain.Description, record, flavor: null), cancellationToken);
        }

        return true;
    }

    public async Task<bool> RevertResizeAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var domain = await domains.GetAsync(key, cancellationToken);
        if (domain.Record.OldFlavorId is { } old)
        {
            await GoBackAsync(domain, old, refusal: null, cancellationToken);
        }

        return true;
    }

    public async Task<Server> RebuildServerAsync(ServerSpec spec, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(spec.Key, cancellationToken);
        if (await domains.FindAsync(spec.Key, cancellationToken) is not { } domain || domain.Record.Build < spec.Build)
        {
            await DefineAsync(spec, cancellationToken);
        }

        var server = await RunAsync(spec.Key, cancellationToken);
        await disks.RemoveAsync(spec.Key, server.Build, cancellationToken);
        return server;
    }

    public async Task FenceAsync(string key, CancellationToken cancellationToken)
    {
        using var held = await _locks.TakeAsync(key, cancellationToken);
        var name = names.Of(key);
        await virsh.FindAsync(["autostart", "--disable", name], cancellationToken);
        await power.CutAsync(name, cancellationToken);
    }

    public async Task<string?> ConsoleTailAsync(string key, int lines, CancellationToken cancellationToken)
    {
        await pool.EnsureAsync(cancellationToken);
        await pool.RefreshAsync(cancellationToken);
        return await pool.FindAsync(names.Console(key), cancellationToken) is { Bytes: > 0 } console
            ? string.Join(
                '\n',
                (await pool.TailAsync(console, TailBytes, cancellationToken))
                    .ReplaceLineEndings("\n")
                    .TrimEnd()
                    .Split('\n')
                    .TakeLast(lines))
            : null;
    }

    public Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken) => domains.KeysAsync(cancellationToken);

    public Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken) => Task.FromResult(options.Flavors);

    /// <summary>One host is one zone; it has OpenStack's usual name.</summary>
    public Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(["nova"]);

    private async Task<Server> RunAsync(string key, CancellationToken cancellationToken)
    {
        await networks.EnsureHostAddressAsync(cancellationToken);
        await pool.EnsureAsync(cancellationToken);
        await power.OnAsync(await domains.GetAsync(key, cancellationToken), cancellationToken);
        return Describe(await domains.GetAsync(key, cancellationToken));
    }

    /// <summary>The disks first: a domain that exists has all that it needs.</summary>
    private async Task DefineAsync(ServerSpec spec, CancellationToken cancellationToken)
    {
        var flavor = FlavorOf(spec.FlavorId);
        var port = await networks.FindAsync(spec.PortKey, cancellationToken)
            ?? throw new CloudException($"There is no port {spec.PortKey}.", isTransient: false);
        var data = await pool.FindAsync(names.DataDisk(spec.VolumeKey), cancellationToken)
            ?? throw new CloudException($"There is no volume {spec.VolumeKey}.", isTransient: false);

        var document = (JsonObject)spec.Bootstrap.DeepClone();
        document["address"] = port.Address.ToString();
        document["volume_id"] = names.Serial(spec.VolumeKey);
        var (root, config) = await disks.MakeAsync(spec, flavor, JsonSerializer.SerializeToUtf8Bytes(document), cancellationToken);
        await domains.DefineAsync(
            DomainXml.Describe(new DomainPlan
            {
                Name = names.Of(spec.Key),
                Uuid = names.Uuid("domain", spec.Key),
                Title = spec.Name,
                Record = new DomainRecord { Key = spec.Key, FlavorId = flavor.Id, Build = spec.Build, VolumeKey = spec.VolumeKey },
                Flavor = flavor,
                UsesKvm = await UsesKvmAsync(cancellationToken),
                Root = root,
                Data = data,
                Config = config,
                Serial = names.Serial(spec.VolumeKey),
                ConsolePath = Path.Combine(await pool.FolderAsync(cancellationToken), names.Console(spec.Key)),
                Network = port.Network,
                MacAddress = names.MacAddress(spec.PortKey),
                Filter = names.Of(spec.PortKey),
            }),
            cancellationToken);
    }

    private async Task<Server> GoBackAsync(Domain domain, string oldFlavor, string? refusal, CancellationToken cancellationToken)
    {
        var record = domain.Record with { FlavorId = oldFlavor, OldFlavorId = null, Refusal = refusal };
        await domains.DefineAsync(DomainXml.Change(domain.Description, record, FlavorOf(oldFlavor)), cancellationToken);
        return await RunAsync(record.Key, cancellationToken);
    }

    private async Task<bool> UsesKvmAsync(CancellationToken cancellationToken) =>
        _usesKvm ??= (await virsh.TryAsync(["domcapabilities", "--virttype", "kvm"], cancellationToken)).Error is null;

    private CloudFlavor FlavorOf(string id) =>
        options.Flavors.FirstOrDefault(f => f.Id == id) ?? throw new CloudException($"There is no flavor {id}.", isTransient: false);

    private static Server Describe(Domain domain) => new()
    {
        Key = domain.Record.Key,
        Id = domain.Name,
        State = domain switch
        {
            { State: Domain.Crashed } => CloudServerState.Error,
            { Running: null } => CloudServerState.Stopped,
            { IsOutdated: true } => CloudServerState.Building,
            { Record.OldFlavorId: not null } => CloudServerState.AwaitsConfirmation,
            _ => CloudServerState.Active,
        },
        FlavorId = domain.Record.FlavorId,
        Build = domain.Record.Build,
        Detail = domain.Record.Refusal ?? (domain.State is Domain.ShutOff or "running" ? null : $"The machine is {domain.State}."),
    };
}
