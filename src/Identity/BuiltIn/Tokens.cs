using Dbaas.Domain;

namespace Dbaas.Identity.BuiltIn;

/// <summary>Issues, checks and revokes tokens.</summary>
internal sealed class Tokens(
    BuiltInIdentityOptions options,
    Registry registry,
    TokenBox box,
    Revocations revoked,
    IIdSource ids,
    TimeProvider time) : ITokenValidator
{
    /// <summary>A token that proves what was proven; one made from another token ends with it.</summary>
    public (string Token, TokenContent Content) Issue(BuiltInUser user, string? projectId, IReadOnlyList<string> methods, long? notAfter)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var expires = now + (long)options.TokenLifetime.TotalMilliseconds;
        var content = new TokenContent(
            ids.NewSecret(22), user.Id, projectId, methods, now, Math.Min(expires, notAfter ?? expires), Registry.PasswordMark(user));
        return (box.Write(content), content);
    }

    /// <summary>The content and the user of a token that is good; null otherwise.</summary>
    public (TokenContent Content, BuiltInUser User)? Read(string token)
    {
        if (box.Read(token) is not { } content
            || content.Expires <= time.GetUtcNow().ToUnixTimeMilliseconds()
            || revoked.Has(content.Id)
            || registry.UserById(content.UserId) is not { } user
            || content.PasswordMark != Registry.PasswordMark(user)
            || (content.ProjectId is { } project && Registry.RolesOf(user, project).Count == 0))
        {
            return null;
        }

        return (content, user);
    }

    public void Revoke(TokenContent content) => revoked.Add(content.Id, content.Expires, time.GetUtcNow().ToUnixTimeMilliseconds());

    // Nothing is asked elsewhere.
    public bool IsKnown(string token) => true;

    // Always of now: nothing is asked elsewhere.
    public Task<Caller?> ValidateAsync(string token, Freshness freshness, CancellationToken cancellationToken) =>
        Task.FromResult(Read(token) is var (content, user)
            ? new Caller(
                user.Id,
                user.Name,
                content.ProjectId,
                content.ProjectId is { } id ? registry.ProjectById(id)?.Name : null,
                content.ProjectId is { } project ? Registry.RolesOf(user, project) : [],
                DateTimeOffset.FromUnixTimeMilliseconds(content.Expires))
            : null);
}
