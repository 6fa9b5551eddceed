using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Libvirt;
using Dbaas.Cloud.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Libvirt.Tier;

/// <summary>One service's plane over the lab's libvirt. A second one with the same deployment is that service after a restart.</summary>
internal sealed class Plane : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Plane(string deployment, string image, TimeSpan stopPatience, params CloudFlavor[] flavors)
    {
        NamePrefix = $"dbaas-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{deployment}\ndeployment")))[..8]}-";
        _services = new ServiceCollection()
            .AddLibvirtPlane(new LibvirtOptions
            {
                Deployment = deployment,
                PoolPath = Path.Combine(Lab.Folder, "pool"),
                Images = new Dictionary<string, string> { ["mariadb"] = image },
                Flavors = flavors,
                StopPatience = stopPatience,
            })
            .BuildServiceProvider();
    }

    /// <summary>In front of all names of the deployment.</summary>
    public string NamePrefix { get; }

    public ICompute Compute => _services.GetRequiredService<ICompute>();

    public IVolumes Volumes => _services.GetRequiredService<IVolumes>();

    public INetworks Networks => _services.GetRequiredService<INetworks>();

    /// <summary>Everything that a server needs, and the server.</summary>
    public async Task<(Port Port, Server Server)> MakeServerAsync(
        string key, JsonObject bootstrap, PortAccess access, CancellationToken cancellationToken)
    {
        var port = await Networks.EnsurePortAsync(new PortSpec { Key = key, Access = access }, cancellationToken);
        await Volumes.EnsureVolumeAsync(new VolumeSpec { Key = key, SizeGb = 1 }, cancellationToken);
        return (port, await Compute.EnsureServerAsync(Spec(key, bootstrap), cancellationToken));
    }

    public static ServerSpec Spec(string key, JsonObject bootstrap, int build = 1) => new()
    {
        Key = key,
        Name = "tier " + key,
        Datastore = "mariadb",
        FlavorId = "small",
        Image = "",
        Build = build,
        VolumeKey = key,
        PortKey = key,
        Bootstrap = bootstrap,
    };

    /// <summary>Removes a server with all that belongs to it.</summary>
    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        Assert.True(await Compute.DeleteServerAsync(key, cancellationToken));
        await Networks.DeletePortAsync(key, cancellationToken);
        Assert.True(await Volumes.DeleteVolumeAsync(key, cancellationToken));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
