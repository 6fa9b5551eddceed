using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>Objects in memory.</summary>
internal sealed class MemoryStore : IStore
{
    private readonly ConcurrentDictionary<string, byte[]> objects = new();
    private int underWay;

    /// <summary>What there is, by name.</summary>
    public IDictionary<string, byte[]> Objects => objects;

    /// <summary>The most that were written at the same time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Happens inside of each write.</summary>
    public Func<string, CancellationToken, Task> DuringPut { get; set; } = (_, _) => Task.CompletedTask;

    public async Task PutAsync(ObjectName name, ReadOnlyMemory<byte> content, byte[] sha256, CancellationToken cancellationToken)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref underWay));
        Assert.Equal(SHA256.HashData(content.Span), sha256);
        await DuringPut(name.Name, cancellationToken);
        objects[name.Name] = content.ToArray();
        Interlocked.Decrement(ref underWay);
    }

    public Task<int> GetAsync(ObjectName name, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!objects.TryGetValue(name.Name, out var content))
        {
            throw new DatastoreException(FaultKind.Permanent, $"Object {name.Name} is missing.");
        }

        content.CopyTo(buffer);
        return Task.FromResult(content.Length);
    }
}
