using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.Ports;

namespace Dbaas.OpenStack.Tier;

/// <summary>Removes what a test's deployment has, without the obstacles of the test.</summary>
internal sealed class DirectPlane(OpenStackPlaneParts parts) : IPlaneUnderTest
{
    public ICompute Compute => parts.Compute;

    public IVolumes Volumes => parts.Volumes;

    public INetworks Networks => parts.Networks;

    public string Flavor => "small";

    public string OtherFlavor => "medium";

    public async Task RemoveAllAsync()
    {
        var keys = (await Compute.ListServersAsync(CancellationToken.None))
            .Concat(await Volumes.ListVolumesAsync(CancellationToken.None))
            .Concat(await Networks.ListPortsAsync(CancellationToken.None));
        foreach (var key in keys.Distinct().ToArray())
        {
            await this.RemoveAsync(key, CancellationToken.None);
        }
    }

    public void RestartService() => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> TracesAsync() => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        parts.Dispose();
        return ValueTask.CompletedTask;
    }
}
