using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.Ports;

namespace Dbaas.Libvirt.Tier;

/// <summary>What every plane keeps to, with machines that only have power.</summary>
public sealed class ConformanceTests : PlaneConformance
{
    protected override async Task<IPlaneUnderTest> OpenAsync() =>
        new PoweredPlane(Guid.CreateVersion7().ToString(), await Lab.EmptyImageAsync());
}

/// <summary>A deployment whose machines have nothing to start from: they ignore every request to stop.</summary>
internal sealed class PoweredPlane(string deployment, string image) : IPlaneUnderTest
{
    private static readonly CloudFlavor[] Flavors = [new("small", "small", 64, 1, 0), new("large", "large", 128, 1, 0)];
    private Plane _plane = Open(deployment, image);

    public ICompute Compute => _plane.Compute;

    public IVolumes Volumes => _plane.Volumes;

    public INetworks Networks => _plane.Networks;

    public string Flavor => "small";

    public string OtherFlavor => "large";

    public void RestartService() => _plane = Open(deployment, image);

    public async Task<IReadOnlyList<string>> TracesAsync()
    {
        var prefix = _plane.NamePrefix;
        string[][] lists = [["list", "--all", "--name"], ["vol-list", "dbaas"], ["nwfilter-list"], ["net-dumpxml", prefix.TrimEnd('-')]];
        var seen = new List<string>();
        foreach (var list in lists)
        {
            seen.AddRange(
                (await Lab.RunAsync("virsh", ["-q", .. list]))
                    .Split('\n')
                    .Where(line => line.Contains(prefix, StringComparison.Ordinal) && !line.Contains("-image-", StringComparison.Ordinal)));
        }

        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in await Compute.ListServersAsync(CancellationToken.None))
        {
            await Compute.DeleteServerAsync(key, CancellationToken.None);
        }

        foreach (var key in await Volumes.ListVolumesAsync(CancellationToken.None))
        {
            await Volumes.DeleteVolumeAsync(key, CancellationToken.None);
        }

        foreach (var key in await Networks.ListPortsAsync(CancellationToken.None))
        {
            await Networks.DeletePortAsync(key, CancellationToken.None);
        }

        await _plane.DisposeAsync();
    }

    private static Plane Open(string deployment, string image) => new(deployment, image, TimeSpan.FromSeconds(2), Flavors);
}
