using System.Collections.Concurrent;
using Dbaas.Identity;

namespace Dbaas.TroveApi.Tests.Harness;

/// <summary>Each token is the name of a person: <c>project-role</c>. The project <c>none</c> is no project.</summary>
public sealed class FakeTokens : ITokenValidator
{
    private readonly ConcurrentQueue<(string Token, Freshness Freshness)> asked = new();

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<(string Token, Freshness Freshness)> Asked => [.. asked];

    /// <summary>What nobody can say at the moment.</summary>
    public Func<Freshness, bool> IsAway { get; set; } = _ => false;

    /// <summary>Tokens that asking about is no trouble for.</summary>
    public Func<string, bool> Knows { get; set; } = _ => true;

    public bool IsKnown(string token) => Knows(token);

    public Task<Caller?> ValidateAsync(string token, Freshness freshness, CancellationToken cancellationToken)
    {
        asked.Enqueue((token, freshness));
        if (IsAway(freshness))
        {
            throw new IdentityUnavailableException("it is away, at http://keystone.internal");
        }

        var parts = token.Split('-');
        var project = parts[0] == "none" ? null : parts[0];
        return Task.FromResult(parts.Length == 2
            ? new Caller($"{token}-id", token, project, project, [parts[1]], DateTimeOffset.MaxValue)
            : null);
    }
}
