namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>A service of the cloud.</summary>
/// <param name="Name">As sentences call it.</param>
/// <param name="Types">Its type in the catalogue, the usual one first.</param>
/// <param name="VersionName">As the header of microversions calls it; null: it has none.</param>
internal sealed record CloudService(string Name, IReadOnlyList<string> Types, string? VersionName)
{
    public static readonly CloudService Identity = new("identity", ["identity"], null);
    public static readonly CloudService Compute = new("compute", ["compute"], "compute");
    public static readonly CloudService Network = new("network", ["network"], null);
    public static readonly CloudService Volumes = new("volume", ["volumev3", "block-storage", "block-store", "volume"], "volume");
    public static readonly CloudService Objects = new("object", ["object-store"], null);
    public static readonly CloudService Images = new("image", ["image"], null);
}
