using Dbaas.Keystone;

namespace Dbaas.Cloud.OpenStack;

/// <summary>Where a cloud is, and as whom it is used. A class, not a record: nothing prints its secrets by accident.</summary>
public class CloudOptions
{
    /// <summary>Where Keystone is, and who we are.</summary>
    public required KeystoneAccount Account { get; init; }

    /// <summary>The region whose endpoints are used; null: the catalogue's only one.</summary>
    public string? Region { get; init; }

    /// <summary>Which of the catalogue's endpoints: <c>public</c>, <c>internal</c> or <c>admin</c>.</summary>
    public string Interface { get; init; } = "public";

    /// <summary>
    /// Endpoints to use instead of the catalogue's, by service type (<c>compute</c>, <c>network</c>, <c>volumev3</c>, <c>image</c>,
    /// <c>object-store</c>).
    /// </summary>
    public IReadOnlyDictionary<string, Uri> Endpoints { get; init; } = new Dictionary<string, Uri>();

    /// <summary>How long one call may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
