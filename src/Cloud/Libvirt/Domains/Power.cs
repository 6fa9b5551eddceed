using System.Collections.Concurrent;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt.Domains;

/// <summary>Turns machines on and off. Whether one starts with its host says whether it is meant to run.</summary>
internal sealed class Power(LibvirtOptions options, DomainStore domains, Virsh virsh, TimeProvider time)
{
    // Since when a guest has been asked to stop. Lost with the service: then it is given the time again.
    private readonly ConcurrentDictionary<string, long> _asked = new();

    /// <summary>Makes sure that it runs, as it is described now.</summary>
    public async Task OnAsync(Domain domain, CancellationToken cancellationToken)
    {
        _asked.TryRemove(domain.Name, out _);
        await virsh.RunAsync(["autostart", domain.Name], cancellationToken);
        if (domain.IsOutdated)
        {
            await CutAsync(domain.Name, cancellationToken);
        }
        else if (domain.State == Domain.Paused)
        {
            await virsh.RunAsync(["resume", domain.Name], cancellationToken);
            return;
        }
        else if (domain.Running is not null)
        {
            return;
        }

        await StartAsync(domain.Name, cancellationToken);
    }

    /// <summary>Asks the guest to stop; cuts its power when it took too long.</summary>
    /// <returns>False while it still stops.</returns>
    public async Task<bool> OffAsync(Domain domain, CancellationToken cancellationToken)
    {
        await virsh.RunAsync(["autostart", "--disable", domain.Name], cancellationToken);
        if (domain.Running is null)
        {
            _asked.TryRemove(domain.Name, out _);
            return true;
        }

        var now = time.GetTimestamp();
        var since = _asked.GetOrAdd(domain.Name, now);
        if (since == now)
        {
            await virsh.RunAsync(["shutdown", domain.Name, "--mode", "acpi"], cancellationToken);
            return false;
        }

        if (time.GetElapsedTime(since) < options.StopPatience)
        {
            return false;
        }

        _asked.TryRemove(domain.Name, out _);
        await CutAsync(domain.Name, cancellationToken);
        return true;
    }

    /// <summary>Cuts its power. Nothing to do when it does not run.</summary>
    public async Task CutAsync(string name, CancellationToken cancellationToken)
    {
        var (_, error) = await virsh.TryAsync(["destroy", name], cancellationToken);
        if (await virsh.FindAsync(
            ["domstate", name], cancellationToken) is { } state && state.Trim() is not (Domain.ShutOff or Domain.Crashed))
        {
            throw new CloudException(
                $"The power of the server cannot be cut: it is {state.Trim()}.", isTransient: true, details: $"{name}: {error}");
        }
    }

    public async Task RebootAsync(string key, RebootKind kind, CancellationToken cancellationToken)
    {
        var domain = await domains.GetAsync(key, cancellationToken);
        if (domain.Running is null || domain.IsOutdated)
        {
            await OnAsync(domain, cancellationToken);
        }
        else
        {
            await virsh.RunAsync(
                kind == RebootKind.Hard ? ["reset", domain.Name] : ["reboot", domain.Name, "--mode", "acpi"], cancellationToken);
        }
    }

    private async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        var (_, error) = await virsh.TryAsync(["start", name], cancellationToken);
        if (error is not null && !error.Contains("already active", StringComparison.Ordinal))
        {
            throw new CloudException($"The server cannot be started: {error.ReplaceLineEndings(" ")}", isTransient: true);
        }
    }
}
