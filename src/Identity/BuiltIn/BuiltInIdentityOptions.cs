namespace Dbaas.Identity.BuiltIn;

/// <summary>What the built-in identity knows, all of it from the configuration.</summary>
public sealed record BuiltInIdentityOptions
{
    /// <summary>32 bytes that protect tokens; the same after a restart, so that tokens go on being good.</summary>
    public required byte[] TokenKey { get; init; }

    /// <summary>How long a token is good.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Where tokens that were given back are kept; null: in memory only.</summary>
    public string? RevocationsPath { get; init; }

    /// <summary>The database API's address in the catalogue; <c>%(project)s</c> stands for the project's id.</summary>
    public required string DatabaseEndpoint { get; init; }

    /// <summary>This service's own address in the catalogue, ending in <c>/v3</c>.</summary>
    public required string IdentityEndpoint { get; init; }

    /// <summary>The region of the catalogue.</summary>
    public string Region { get; init; } = "RegionOne";

    /// <summary>The projects.</summary>
    public IReadOnlyList<BuiltInProject> Projects { get; init; } = [];

    /// <summary>The users.</summary>
    public IReadOnlyList<BuiltInUser> Users { get; init; } = [];
}

/// <summary>A project.</summary>
/// <param name="Id">Id.</param>
/// <param name="Name">Name, in the one domain <c>Default</c>.</param>
public sealed record BuiltInProject(string Id, string Name);

/// <summary>A user.</summary>
/// <param name="Id">Id.</param>
/// <param name="Name">Name, in the one domain <c>Default</c>.</param>
/// <param name="Password">A secret.</param>
/// <param name="Roles">Project id to the user's roles in it.</param>
public sealed record BuiltInUser(string Id, string Name, string Password, IReadOnlyDictionary<string, IReadOnlyList<string>> Roles)
{
    /// <summary>Never the password.</summary>
    public override string ToString() => Name;
}
