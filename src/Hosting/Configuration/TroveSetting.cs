namespace Dbaas.Hosting.Configuration;

/// <summary>An account that may read the containers in which a Trove stored its backups.</summary>
public sealed record TroveSetting : KeystoneSetting
{
    /// <summary>Whose Swift; null: the catalogue's only region.</summary>
    public string? Region { get; init; }

    /// <summary>Where that Swift is, as the backups' addresses say it; null: as the catalogue does.</summary>
    public string? Endpoint { get; init; }

    /// <summary><c>public</c>, <c>internal</c> or <c>admin</c>: the endpoint of the catalogue's that is meant.</summary>
    public string Interface { get; init; } = "public";
}
