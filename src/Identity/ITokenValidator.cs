namespace Dbaas.Identity;

/// <summary>Says who holds a token.</summary>
public interface ITokenValidator
{
    /// <summary>The holder; null when the token is unknown, has ended, or was revoked.</summary>
    /// <exception cref="IdentityUnavailableException">It cannot be said at the moment.</exception>
    Task<Caller?> ValidateAsync(string token, Freshness freshness, CancellationToken cancellationToken);
}
