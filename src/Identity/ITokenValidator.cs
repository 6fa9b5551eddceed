namespace Dbaas.Identity;

/// <summary>Says who holds a token.</summary>
public interface ITokenValidator
{
    /// <summary>The holder; null when the token is unknown, has ended, or was revoked.</summary>
    /// <exception cref="IdentityUnavailableException">It cannot be said at the moment.</exception>
    Task<Caller?> ValidateAsync(string token, Freshness freshness, CancellationToken cancellationToken);

    /// <summary>
    /// Whether looking at it costs nothing, or it was good when it was looked at last: who makes tokens up is not among these.
    /// </summary>
    bool IsKnown(string token);
}
