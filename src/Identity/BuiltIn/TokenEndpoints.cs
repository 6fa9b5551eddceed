using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dbaas.Identity.BuiltIn;

/// <summary><c>/v3/auth/tokens</c>: log in, look at a token, log out.</summary>
internal sealed class TokenEndpoints(Registry registry, Tokens tokens, FailedLogins failures, TokenDocument documents)
{
    public async Task IssueAsync(HttpContext context)
    {
        TokenRequest request;
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            request = TokenRequest.Parse(body.RootElement);
        }
        catch (JsonException)
        {
            throw IdentityFault.Bad("The request body is not valid JSON.");
        }

        var address = context.Connection.RemoteIpAddress;
        failures.Check(address);
        var (user, notAfter, inherited) = Authenticate(request, () => failures.Count(address));
        var project = Scope(request, user);
        var methods = request.Methods.Union(inherited).ToList();
        var (token, content) = tokens.Issue(user, project?.Id, methods, notAfter);
        context.Response.Headers["X-Subject-Token"] = token;
        await AnswerAsync(context, 201, documents.Of(content, user));
    }

    public Task ShowAsync(HttpContext context)
    {
        var (content, user) = Subject(context);
        context.Response.Headers["X-Subject-Token"] = context.Request.Headers["X-Subject-Token"];
        return AnswerAsync(context, 200, documents.Of(content, user));
    }

    public Task RevokeAsync(HttpContext context)
    {
        tokens.Revoke(Subject(context).Content);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    /// <summary>The holder of the caller's own token.</summary>
    public (TokenContent Content, BuiltInUser User) Caller(HttpContext context) =>
        tokens.Read(context.Request.Headers["X-Auth-Token"].ToString()) ?? throw IdentityFault.Unauthorized();

    /// <summary>The caller may look at others.</summary>
    public static bool IsAdmin((TokenContent Content, BuiltInUser User) caller) =>
        caller.Content.ProjectId is { } project && Registry.RolesOf(caller.User, project).Contains("admin");

    public static Task AnswerAsync(HttpContext context, int status, object body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Vary = "X-Auth-Token";
        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }

    private (TokenContent Content, BuiltInUser User) Subject(HttpContext context)
    {
        var caller = Caller(context);
        var subject = tokens.Read(context.Request.Headers["X-Subject-Token"].ToString()) ?? throw IdentityFault.NotFound("token");
        return subject.User.Id == caller.User.Id || IsAdmin(caller) ? subject : throw IdentityFault.Forbidden();
    }

    private (BuiltInUser User, long? NotAfter, IReadOnlyList<string> Methods) Authenticate(TokenRequest request, Action countFailure)
    {
        BuiltInUser? proven = null;
        long? notAfter = null;
        IReadOnlyList<string> methods = [];
        if (request.Methods.Contains("token"))
        {
            var (content, user) = tokens.Read(request.Token ?? "") ?? throw IdentityFault.Unauthorized();
            (proven, notAfter, methods) = (user, content.Expires, content.Methods);
        }

        if (request.Methods.Contains("password"))
        {
            var user = request.UserId is { } id ? registry.UserById(id) : registry.UserByName(request.UserName ?? "");
            var isRight = Registry.PasswordIsRight(user, request.Password ?? "");
            if (!isRight || (proven is not null && proven != user))
            {
                countFailure();
                throw IdentityFault.Unauthorized();
            }

            proven = user;
        }

        return request.IsElsewhere ? throw IdentityFault.Unauthorized() : (proven!, notAfter, methods);
    }

    private BuiltInProject? Scope(TokenRequest request, BuiltInUser user)
    {
        if (request.ProjectId is null && request.ProjectName is null)
        {
            return null;
        }

        var project = request.ProjectId is { } id ? registry.ProjectById(id) : registry.ProjectByName(request.ProjectName!);
        return project is not null && Registry.RolesOf(user, project.Id).Count > 0 ? project : throw IdentityFault.Unauthorized();
    }
}
