namespace Dbaas.Hosting.Configuration;

/// <summary>A container of a Swift. Without an address of a Keystone, the account and region of the OpenStack plane are used.</summary>
public sealed record SwiftSetting : KeystoneSetting
{
    /// <summary>Made when there is none, and for nothing else.</summary>
    public string Container { get; init; } = "";

    /// <summary>Whose Swift; null: the catalogue's only region.</summary>
    public string? Region { get; init; }

    /// <summary><c>public</c>, <c>internal</c> or <c>admin</c>: the endpoint that guests reach too.</summary>
    public string Interface { get; init; } = "public";
}
