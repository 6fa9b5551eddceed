using System.Globalization;

namespace Dbaas.Identity.BuiltIn;

/// <summary>Keystone's JSON for tokens, catalogues, users and projects.</summary>
internal sealed class TokenDocument(BuiltInIdentityOptions options, Registry registry)
{
    private static readonly string[] Interfaces = ["public", "internal", "admin"];

    public static object Domain => new { id = Registry.DomainId, name = Registry.DomainName };

    public object Of(TokenContent content, BuiltInUser user)
    {
        var token = new Dictionary<string, object>
        {
            ["methods"] = content.Methods,
            ["user"] = new { id = user.Id, name = user.Name, domain = Domain, password_expires_at = (string?)null },
            ["audit_ids"] = new[] { content.Id },
            ["issued_at"] = Time(content.Issued),
            ["expires_at"] = Time(content.Expires),
        };
        if (content.ProjectId is { } projectId)
        {
            token["project"] = new { id = projectId, name = registry.ProjectById(projectId)?.Name, domain = Domain };
            token["is_domain"] = false;
            token["roles"] = Registry.RolesOf(user, projectId).Select(role => new { id = role, name = role });
            token["catalog"] = Catalog(projectId);
        }

        return new { token };
    }

    public IEnumerable<object> Catalog(string projectId) =>
    [
        Service("database", "trove", options.DatabaseEndpoint.Replace("%(project)s", projectId, StringComparison.Ordinal)),
        Service("identity", "keystone", options.IdentityEndpoint),
    ];

    public object Project(BuiltInProject project) => new
    {
        id = project.Id,
        name = project.Name,
        domain_id = Registry.DomainId,
        description = "",
        enabled = true,
        is_domain = false,
        parent_id = Registry.DomainId,
        tags = Array.Empty<string>(),
        options = new { },
        links = new { self = $"{options.IdentityEndpoint}/projects/{project.Id}" },
    };

    public object User(BuiltInUser user) => new
    {
        id = user.Id,
        name = user.Name,
        domain_id = Registry.DomainId,
        enabled = true,
        options = new { },
        password_expires_at = (string?)null,
        links = new { self = $"{options.IdentityEndpoint}/users/{user.Id}" },
    };

    private static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private object Service(string type, string name, string url) => new
    {
        id = type,
        type,
        name,
        endpoints = Interfaces.Select(kind => new
        {
            id = $"{type}-{kind}", @interface = kind, region = options.Region, region_id = options.Region, url,
        }),
    };
}
