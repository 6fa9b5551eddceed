using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Reading and setting what a server is in its set.</summary>
internal sealed class ReplicationState(Flavor flavor, ServerConnections connections, MemberStore member, ServerRunner runner)
{
    private static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(2);

    public async Task<ReplicationReport?> ReportAsync(CancellationToken cancellationToken)
    {
        if (member.Settings is null || !runner.Listens())
        {
            return null;
        }

        try
        {
            return await ReadAsync(cancellationToken).WaitAsync(ReportPatience, cancellationToken);
        }
        catch (Exception e) when (e is DatastoreException or TimeoutException)
        {
            return null;
        }
    }

    public async Task SetWritableAsync(bool writable, CancellationToken cancellationToken)
    {
        if (writable && member.State.Following is { } source)
        {
            throw Faults.Precondition($"This instance is a slave of {source.InstanceId}: ordinary clients write there.");
        }

        member.Change(state => state with { Writable = writable });
        await runner.ConvergeAsync(cancellationToken);
    }

    public async Task StopReceivingAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        if (await flavor.ReadReplicaStatusAsync(session, cancellationToken) is not null)
        {
            await session.ExecuteAsync("STOP REPLICA IO_THREAD", cancellationToken);
        }
    }

    private async Task<ReplicationReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken, ReportPatience);
        var status = await flavor.ReadReplicaStatusAsync(session, cancellationToken);
        return new ReplicationReport
        {
            SourceHost = status?.SourceHost,
            Receiving = status?.Receiving ?? false,
            Applying = status?.Applying ?? false,
            LagSeconds = status?.LagSeconds,
            ReadOnly = await session.NumberAsync("SELECT @@GLOBAL.read_only", cancellationToken) == 1,
            LogOn = await session.NumberAsync("SELECT @@GLOBAL.log_bin", cancellationToken) == 1,
            KnownSlaves = [.. member.State.Slaves.Keys.Order(StringComparer.Ordinal)],
            LastError = status?.LastError,
        };
    }
}
