namespace Dbaas.Hosting.Configuration;

/// <summary>Who says whose tokens are.</summary>
public enum IdentityKind
{
    /// <summary>This service itself, for the users of its configuration.</summary>
    BuiltIn,

    /// <summary>A Keystone, for the users of a cloud.</summary>
    Keystone,
}
