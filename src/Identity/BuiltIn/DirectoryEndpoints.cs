using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dbaas.Identity.BuiltIn;

/// <summary>Version documents, the catalogue, projects and users: what clients look up around a login.</summary>
internal sealed class DirectoryEndpoints(BuiltInIdentityOptions options, Registry registry, TokenEndpoints tokens, TokenDocument documents)
{
    public Task VersionsAsync(HttpContext context) =>
        TokenEndpoints.AnswerAsync(context, 300, new { versions = new { values = new[] { Version() } } });

    public Task VersionAsync(HttpContext context) => TokenEndpoints.AnswerAsync(context, 200, new { version = Version() });

    public Task CatalogAsync(HttpContext context)
    {
        var caller = tokens.Caller(context);
        return TokenEndpoints.AnswerAsync(
            context,
            200,
            new { catalog = caller.Content.ProjectId is { } project ? documents.Catalog(project) : [], links = Links("auth/catalog") });
    }

    public Task OwnProjectsAsync(HttpContext context) =>
        ListAsync(context, registry.ProjectsOf(tokens.Caller(context).User), "auth/projects");

    public Task ProjectsAsync(HttpContext context)
    {
        var caller = tokens.Caller(context);
        var name = context.Request.Query["name"].ToString();
        var seen = TokenEndpoints.IsAdmin(caller) ? registry.Projects : registry.ProjectsOf(caller.User);
        return ListAsync(context, seen.Where(project => name.Length == 0 || project.Name == name), "projects");
    }

    public Task ProjectAsync(HttpContext context)
    {
        var caller = tokens.Caller(context);
        var id = (string)context.GetRouteValue("id")!;
        var project = registry.ProjectById(id);
        var isSeen = project is not null && (TokenEndpoints.IsAdmin(caller) || Registry.RolesOf(caller.User, id).Count > 0);
        return isSeen
            ? TokenEndpoints.AnswerAsync(context, 200, new { project = documents.Project(project!) })
            : throw IdentityFault.NotFound($"project: {id}");
    }

    public Task UserAsync(HttpContext context) =>
        TokenEndpoints.AnswerAsync(context, 200, new { user = documents.User(User(context)) });

    public Task UsersProjectsAsync(HttpContext context) => ListAsync(context, registry.ProjectsOf(User(context)), "projects");

    private BuiltInUser User(HttpContext context)
    {
        var caller = tokens.Caller(context);
        var id = (string)context.GetRouteValue("id")!;
        var user = caller.User.Id == id || TokenEndpoints.IsAdmin(caller) ? registry.UserById(id) : null;
        return user ?? throw IdentityFault.NotFound($"user: {id}");
    }

    private Task ListAsync(HttpContext context, IEnumerable<BuiltInProject> projects, string path) =>
        TokenEndpoints.AnswerAsync(context, 200, new { projects = projects.Select(documents.Project), links = Links(path) });

    private object Links(string path) =>
        new { self = $"{options.IdentityEndpoint}/{path}", previous = (string?)null, next = (string?)null };

    private object Version() => new
    {
        id = "v3.14",
        status = "stable",
        updated = "2020-04-07T00:00:00Z",
        links = new[] { new { rel = "self", href = $"{options.IdentityEndpoint}/" } },
        media_types = new[] { new { @base = "application/json", type = "application/vnd.openstack.identity-v3+json" } },
    };
}
