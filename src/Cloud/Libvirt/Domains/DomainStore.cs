using System.Xml.Linq;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Domains;

/// <summary>The domains that carry our mark.</summary>
internal sealed class DomainStore(Names names, Virsh virsh)
{
    /// <summary>Null: there is none.</summary>
    public async Task<Domain?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var name = names.Of(key);
        if (await virsh.FindAsync(["domstate", name], cancellationToken) is not { } state
            || await virsh.FindXmlAsync(["dumpxml", name, "--inactive"], cancellationToken) is not { } description)
        {
            return null;
        }

        var record = DomainRecord.In(description)
            ?? throw new CloudException($"The domain {name} has lost our mark; it is left alone.", isTransient: false);
        state = state.Trim();
        var running = state is Domain.ShutOff or Domain.Crashed ? null : await virsh.FindXmlAsync(["dumpxml", name], cancellationToken);
        return new Domain(name, state, description, record, running is null ? null : DomainRecord.In(running));
    }

    public async Task<Domain> GetAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken) ?? throw new CloudException($"There is no server {key}.", isTransient: false);

    public Task DefineAsync(XElement description, CancellationToken cancellationToken) =>
        virsh.DefineAsync("define", description, cancellationToken);

    public async Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken) =>
        [.. (await virsh.NamesAsync(["list", "--all", "--name"], cancellationToken)).Select(name => names.KeyIn(name)).OfType<string>()];

    /// <summary>The name of the running domain that has the volume; null: none has it.</summary>
    public async Task<string?> FindRunningWithVolumeAsync(string volumeKey, CancellationToken cancellationToken)
    {
        // Nearly always they have one key.
        var running = await virsh.NamesAsync(["list", "--name"], cancellationToken);
        foreach (var name in running.Where(name => names.KeyIn(name) is not null).OrderByDescending(name => name == names.Of(volumeKey)))
        {
            if (await virsh.FindXmlAsync(
                ["dumpxml", name], cancellationToken) is { } domain && DomainRecord.In(domain)?.VolumeKey == volumeKey)
            {
                return name;
            }
        }

        return null;
    }
}
