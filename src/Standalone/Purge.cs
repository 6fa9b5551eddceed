using Dbaas.Cloud.Local;
using Dbaas.Cloud.Ports;
using Dbaas.Hosting;
using Dbaas.Hosting.Configuration;

namespace Dbaas.Standalone;

/// <summary>Removes everything that a service has on its plane: all instances, with their data. May be repeated.</summary>
internal sealed class Purge
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private CloudException? _delayedBy;

    /// <exception cref="CloudException">The plane refuses for good. The state folder stays.</exception>
    /// <exception cref="TimeoutException">Something does not go. The state folder stays, so that it can be tried again.</exception>
    public static async Task RunAsync(string statePath, CancellationToken cancellationToken)
    {
        var state = new StateFolder(statePath);
        using var onlyOne = ServiceLock.TakeAlone(statePath);
        var settings = state.LastSettings();
        if (settings.Plane == PlaneKind.Local)
        {
            await LocalPlane.RemoveEverythingAsync(statePath, cancellationToken);
            return;
        }

        var deployment = await ControlPlane.PrepareAsync(settings, state, MasterKeys.Read(settings), cancellationToken);
        await using var provider = new ServiceCollection()
            .AddLogging()
            .AddPlane(settings, deployment)
            .BuildServiceProvider();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var purge = new Purge();
        try
        {
            await purge.RemoveAsync(
                provider.GetRequiredService<ICompute>(),
                provider.GetRequiredService<IVolumes>(),
                provider.GetRequiredService<INetworks>(),
                limit.Token);
            await Planes.RemoveSharedAsync(settings, deployment, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not everything was gone within {Patience.TotalMinutes:0} minutes; try again.", purge._delayedBy);
        }
    }

    private async Task RemoveAsync(ICompute compute, IVolumes volumes, INetworks networks, CancellationToken cancellationToken)
    {
        await EmptyAsync(
            () => compute.ListServersAsync(cancellationToken), key => compute.DeleteServerAsync(key, cancellationToken), cancellationToken);
        await EmptyAsync(
            () => volumes.ListVolumesAsync(cancellationToken), key => volumes.DeleteVolumeAsync(key, cancellationToken), cancellationToken);
        await EmptyAsync(
            () => networks.ListPortsAsync(cancellationToken),
            async key =>
            {
                await networks.DeletePortAsync(key, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private async Task EmptyAsync(
        Func<Task<IReadOnlyList<string>>> list, Func<string, Task<bool>> delete, CancellationToken cancellationToken)
    {
        while (!await IsEmptyAsync(list, delete))
        {
            await Task.Delay(LookAgain, cancellationToken);
        }
    }

    /// <summary>Asks for the end of all that there is; a plane that is away or busy is asked again.</summary>
    private async Task<bool> IsEmptyAsync(Func<Task<IReadOnlyList<string>>> list, Func<string, Task<bool>> delete)
    {
        try
        {
            while (await list() is { Count: > 0 } keys)
            {
                var gone = true;
                foreach (var key in keys)
                {
                    gone &= await delete(key);
                }

                if (!gone)
                {
                    return false;
                }
            }

            return true;
        }
        catch (CloudException e) when (e.IsTransient)
        {
            _delayedBy = e;
            return false;
        }
    }
}
