using System.Text;
using Dbaas.Domain.Logs;
using Dbaas.TroveApi.Logs;

namespace Dbaas.TroveApi.Tests.Harness;

/// <summary>What was published, in memory, by the names of its objects.</summary>
public sealed class FakePublishedLogs : IPublishedLogs
{
    public Dictionary<string, string> Objects { get; } = [];

    public bool IsAway { get; set; }

    public Task<byte[]?> ReadAsync(PublishedLog log, string secret, PublishedPart part, CancellationToken cancellationToken)
    {
        Assert.NotEmpty(secret);
        return IsAway
            ? throw new IOException("The store is away.")
            : Task.FromResult(Objects.TryGetValue(part.Object, out var text) ? Encoding.UTF8.GetBytes(text) : null);
    }
}
