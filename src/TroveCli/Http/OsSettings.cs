using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Http;

/// <summary>Who calls and where to log in, from the environment that every OpenStack client reads.</summary>
internal sealed record OsSettings
{
    public required Uri AuthUrl { get; init; }

    public required string UserName { get; init; }

    public required string Password { get; init; }

    public required DomainName UserDomain { get; init; }

    public required string? ProjectId { get; init; }

    public required string? ProjectName { get; init; }

    public required DomainName ProjectDomain { get; init; }

    public required string? Region { get; init; }

    public required string? CaCertificateFile { get; init; }

    public required bool Insecure { get; init; }

    public static OsSettings From(Func<string, string?> environment)
    {
        var authUrl = Needed("OS_AUTH_URL").TrimEnd('/');
        if (!Uri.TryCreate(authUrl.EndsWith("/v3", StringComparison.Ordinal) ? authUrl : authUrl + "/v3", UriKind.Absolute, out var uri))
        {
            throw new UsageException($"OS_AUTH_URL is not a URL: '{authUrl}'. Example: http://127.0.0.1:5000/v3");
        }

        return new OsSettings
        {
            AuthUrl = uri,
            UserName = Needed("OS_USERNAME"),
            Password = Needed("OS_PASSWORD"),
            UserDomain = new DomainName(Given("OS_USER_DOMAIN_ID"), Given("OS_USER_DOMAIN_NAME")),
            ProjectId = Given("OS_PROJECT_ID"),
            ProjectName = Given("OS_PROJECT_ID") is null
                ? Given("OS_PROJECT_NAME") ?? Given("OS_TENANT_NAME") ?? Needed("OS_PROJECT_NAME")
                : null,
            ProjectDomain = new DomainName(Given("OS_PROJECT_DOMAIN_ID"), Given("OS_PROJECT_DOMAIN_NAME")),
            Region = Given("OS_REGION_NAME"),
            CaCertificateFile = Given("OS_CACERT"),
            Insecure = Given("OS_INSECURE") is "1" or "true" or "True",
        };

        string? Given(string name) => environment(name) is { Length: > 0 } value ? value : null;

        string Needed(string name) => Given(name)
            ?? throw new UsageException(
                $"{name} is not set. Log in first: `. .dbaas/openrc` (`./dbaas up` writes it into the state folder).");
    }
}
