namespace Dbaas.Keystone;

/// <summary>A login. A class, not a record: nothing prints the token by accident.</summary>
public class KeystoneToken(string value, DateTimeOffset expiresAt)
{
    /// <summary>What requests show.</summary>
    public string Value { get; } = value;

    /// <summary>When it ends.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;
}
