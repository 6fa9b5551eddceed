using Dbaas.Keystone;

namespace Dbaas.Identity.Keystone;

/// <summary>Which Keystone says whose tokens are, and how long it is waited for.</summary>
public sealed class KeystoneIdentityOptions
{
    /// <summary>Who asks: an account with the role <c>service</c>, which lets it ask about everybody's tokens.</summary>
    public required KeystoneAccount Account { get; init; }

    /// <summary>
    /// For one call. Shorter than the age at which an answer is too old for a change, so that a slow answer is still a fresh one.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>For all that is called for one token, a login among it.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);
}
