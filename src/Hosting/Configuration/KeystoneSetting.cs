namespace Dbaas.Hosting.Configuration;

/// <summary>A Keystone, and as whom this service speaks with it.</summary>
public record KeystoneSetting
{
    /// <summary>Keystone, ending in <c>/v3</c>.</summary>
    public string AuthUrl { get; init; } = "";

    /// <summary>Login by password: the user.</summary>
    public string? UserName { get; init; }

    /// <summary>Its domain.</summary>
    public string UserDomain { get; init; } = "Default";

    /// <summary>A secret.</summary>
    public string? Password { get; init; }

    /// <summary>The project that the login is for.</summary>
    public string? ProjectName { get; init; }

    /// <summary>Its domain.</summary>
    public string ProjectDomain { get; init; } = "Default";

    /// <summary>Login by application credential, instead.</summary>
    public string? ApplicationCredentialId { get; init; }

    /// <summary>A secret.</summary>
    public string? ApplicationCredentialSecret { get; init; }

    /// <summary>Certificates (PEM) that alone are trusted; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Never the secrets.</summary>
    public sealed override string ToString() => $"{AuthUrl} as {UserName ?? ApplicationCredentialId}";
}
