using System.Security.Cryptography;
using System.Text;
using Dbaas.GuestProtocol.Channel;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Guests;

/// <summary>
/// The gateways that serve now. Every report asks for them, so they are remembered: of all that ask when it is time to look anew, one
/// looks.
/// </summary>
internal sealed class ServingGateways(IDatabase database, TimeProvider time)
{
    private const int MarkLength = 16;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private GatewayNews? last;
    private long? lookedAt;

    /// <summary>As they are; null: nobody has said.</summary>
    public async Task<GatewayNews?> ReadAsync(CancellationToken cancellationToken)
    {
        var news = await database.ReadAsync(NodeRows.Gateways, cancellationToken) is { Count: > 0 } all ? News(all) : null;
        lock (gate)
        {
            (last, lookedAt) = (news, time.GetTimestamp());
        }

        return news;
    }

    /// <summary>As they were half a minute ago at most.</summary>
    public async Task<GatewayNews?> RecallAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (lookedAt is { } at && time.GetElapsedTime(at) < GoodFor)
            {
                return last;
            }

            lookedAt = time.GetTimestamp();
        }

        return await ReadAsync(cancellationToken);
    }

    private static GatewayNews News(IReadOnlyList<string> urls) =>
        new(urls, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', urls))))[..MarkLength]);
}
