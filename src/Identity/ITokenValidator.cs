namespace Dbaas.Identity;

/// <summary>Says who holds a token.</summary>
public interface ITokenValidator
{
    /// <summary>The holder; null when the token is unknown, has ended, or was revoked.</summary>
    Task<Caller?> ValidateAsync(string token, CancellationToken cancellationToken);
}
