namespace Dbaas.Identity.Keystone;

/// <summary>What Keystone said about a token.</summary>
/// <param name="Caller">The holder; null: nobody's.</param>
/// <param name="AskedAt">When it was asked, by a clock that nobody sets. Not when it answered: a revocation in between may have been
/// missed.</param>
internal sealed record TokenAnswer(Caller? Caller, long AskedAt)
{
    private static readonly TimeSpan LongestForReading = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestForChanging = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestForNobody = TimeSpan.FromSeconds(10);

    /// <summary>After this it is of no use to anybody.</summary>
    public TimeSpan Life => Caller is null ? LongestForNobody : LongestForReading;

    public bool IsGoodFor(Freshness freshness, TimeProvider time)
    {
        var longest = Caller is not null && freshness == Freshness.ForChanging ? LongestForChanging : Life;
        return time.GetElapsedTime(AskedAt) < longest;
    }

    /// <summary>The holder, as long as the token itself is good.</summary>
    public Caller? CallerNow(TimeProvider time) => Caller is { } caller && caller.ExpiresAt > time.GetUtcNow() ? caller : null;
}
