namespace Dbaas.TroveCli.Login;

/// <summary>Who calls, and where to log in.</summary>
internal sealed record LoginSettings
{
    /// <summary>Null: the token is taken as it is, to <see cref="Endpoint"/>.</summary>
    public required Uri? AuthUrl { get; init; }

    public required Credential Credential { get; init; }

    /// <summary>Null: the credential says which.</summary>
    public required NameInDomain? Project { get; init; }

    public required string? Region { get; init; }

    /// <summary>Which of the catalogue's addresses: public, internal or admin.</summary>
    public required string Interface { get; init; }

    /// <summary>The database API's address; null: the catalogue says it.</summary>
    public required string? Endpoint { get; init; }

    public required string? CaCertificateFile { get; init; }

    public required bool Insecure { get; init; }

    /// <summary>What to look at when the login is refused.</summary>
    public required string Origin { get; init; }
}
