namespace Dbaas.Identity;

/// <summary>Who calls, and on behalf of which project.</summary>
/// <param name="UserId">The user.</param>
/// <param name="UserName">The user's name.</param>
/// <param name="ProjectId">The project that the token is for; null: the token is for no project.</param>
/// <param name="ProjectName">The project's name.</param>
/// <param name="Roles">The user's roles in that project.</param>
/// <param name="ExpiresAt">When the token ends.</param>
public sealed record Caller(
    string UserId,
    string UserName,
    string? ProjectId,
    string? ProjectName,
    IReadOnlyList<string> Roles,
    DateTimeOffset ExpiresAt);
