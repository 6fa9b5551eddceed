using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// Where objects are, asked for in batches: with a part those that come behind it, which are wanted next. Each address is given out once,
/// so that who tries again does so at a new one.
/// </summary>
internal sealed class ObjectAddresses(GatewayClient gateway, TimeProvider time) : IDisposable
{
    private const int AtOnce = 16;

    /// <summary>Well before they run out, after five minutes: what is begun at one takes its time too.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim turn = new(1);
    private readonly Dictionary<(ObjectName Name, ObjectAccess Access), (ObjectPlace Place, long Asked)> known = [];

    /// <exception cref="GatewayException">The gateway does not answer, or the command has no part in this object.</exception>
    public async Task<ObjectPlace> TakeAsync(ObjectName name, ObjectAccess access, CancellationToken cancellationToken)
    {
        // In turns: whoever wants the next part meanwhile finds it in the answer.
        await turn.WaitAsync(cancellationToken);
        try
        {
            return known.Remove((name, access), out var found) && IsGood(found.Asked)
                ? found.Place
                : await AskAsync(name, access, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<ObjectPlace> AskAsync(ObjectName name, ObjectAccess access, CancellationToken cancellationToken)
    {
        var (names, asked) = (ObjectNames.From(name.Name, AtOnce), time.GetTimestamp());
        var answer = await gateway.ObjectsAsync(
            new ObjectRequest(name.CommandId, name.BackupId, access, names), cancellationToken);
        foreach (var old in known.Where(one => !IsGood(one.Value.Asked)).Select(one => one.Key).ToList())
        {
            known.Remove(old);
        }

        for (var i = 1; i < names.Count; i++)
        {
            known[(name with { Name = names[i] }, access)] = (answer.Places[i], asked);
        }

        return answer.Places[0];
    }

    private bool IsGood(long asked) => time.GetElapsedTime(asked) < GoodFor;
}
