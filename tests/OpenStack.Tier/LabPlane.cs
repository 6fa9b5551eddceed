using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;

namespace Dbaas.OpenStack.Tier;

/// <summary>A deployment on the lab's cloud.</summary>
internal sealed class LabPlane : IPlaneUnderTest
{
    private readonly LabOptions _options;
    private readonly RawCloud _raw;
    private OpenStackPlaneParts _parts;

    private LabPlane(LabOptions options, RawCloud raw)
    {
        _options = options;
        _raw = raw;
        _parts = new OpenStackPlaneParts(options.Build(), TimeProvider.System);
    }

    public ICompute Compute => _parts.Compute;

    public IVolumes Volumes => _parts.Volumes;

    public INetworks Networks => _parts.Networks;

    public string Flavor => "small";

    public string OtherFlavor => "medium";

    public string Deployment => _options.Deployment;

    public RawCloud Raw => _raw;

    public static async Task<LabPlane> OpenAsync(LabOptions? options = null)
    {
        // Looked at directly, not by the way that is to fail.
        var chosen = options ?? Lab.Member();
        var raw = Lab.Raw(chosen with { Through = null, CallTimeout = TimeSpan.FromSeconds(120) });
        return new LabPlane(chosen with { NetworkId = chosen.NetworkId ?? await raw.NetworkAsync("users") }, raw);
    }

    public void RestartService()
    {
        _parts.Dispose();
        _parts = new OpenStackPlaneParts(_options.Build(), TimeProvider.System);
    }

    public async Task<IReadOnlyList<string>> TracesAsync()
    {
        var mark = "description=" + Uri.EscapeDataString("dbaas:" + Deployment);
        return
        [
            .. await NamedAsync(CloudService.Compute, "servers/detail?tags=dbaas-deployment-" + Deployment, "servers", "2.46"),
            .. await NamedAsync(CloudService.Compute, "os-server-groups", "server_groups", "2.67", Deployment),
            .. await NamedAsync(CloudService.Volumes, "volumes/detail", "volumes", null, Deployment),
            .. await NamedAsync(CloudService.Network, "v2.0/ports?" + mark, "ports", null),
            .. await NamedAsync(CloudService.Network, "v2.0/security-groups?" + mark, "security_groups", null),
            .. await NamedAsync(CloudService.Network, "v2.0/floatingips", "floatingips", null, Deployment),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await using var direct = new DirectPlane(new OpenStackPlaneParts((_options with { Through = null }).Build(), TimeProvider.System));
        await direct.RemoveAllAsync();
        _parts.Dispose();
        _raw.Dispose();
    }

    /// <param name="word">Only those with this word anywhere in them.</param>
    private async Task<IEnumerable<string>> NamedAsync(
        CloudService service, string path, string plural, string? version, string word = "") =>
        (await _raw.GetAsync(service, path, version))[plural]!.AsArray()
            .Where(one => one!.ToJsonString().Contains(word, StringComparison.Ordinal))
            .Select(one => $"{plural}: {one!["name"] ?? one["description"]} {one["id"]} {one["status"]}");
}
