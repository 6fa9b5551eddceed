using Dbaas.Identity;

namespace Dbaas.TroveApi.Tests.Harness;

/// <summary>Each token is the name of a person: <c>project-role</c>.</summary>
public sealed class FakeTokens : ITokenValidator
{
    public Task<Caller?> ValidateAsync(string token, Freshness freshness, CancellationToken cancellationToken)
    {
        var parts = token.Split('-');
        return Task.FromResult(parts.Length == 2
            ? new Caller($"{token}-id", token, parts[0], parts[0], [parts[1]], DateTimeOffset.MaxValue)
            : null);
    }
}
