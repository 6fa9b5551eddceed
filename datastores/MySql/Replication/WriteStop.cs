using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// Master: nobody but the agent writes any more, and nothing that clients have begun is left. Each wait has an end that no client can move.
/// </summary>
internal sealed class WriteStop(
    Flavor flavor,
    DatastoreHost host,
    ServerConnections connections,
    MemberStore member,
    ServerRunner runner,
    Positions positions)
{
    private const int MostNames = 3;

    /// <summary>For what is being committed: it is not to be ended.</summary>
    private static readonly TimeSpan ForCommits = TimeSpan.FromMilliseconds(250);

    /// <summary>From then on whoever holds the server up does it by something that no list shows, a lock on tables.</summary>
    private static readonly TimeSpan ForWriters = TimeSpan.FromSeconds(1);

    /// <summary>For the server to be read only, and once more for the end of what it does not let be committed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The engines show the same list of transactions again to who asks within a tenth of a second.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(120);

    private long? _lookedAt;

    public async Task<OpaqueDocument> StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        var before = member.State;
        if (before.Following is { } source)
        {
            throw Faults.Precondition($"This instance is a slave of {source.InstanceId}: ordinary clients do not write here.");
        }

        if (!before.LogOn)
        {
            throw Faults.Precondition("The binary log of this instance is off: nobody could go on from its last position.");
        }

        // One that is to be read only already is not told so here, without an end for who is in the way.
        await (before.Writable ? runner.ConvergeAsync(cancellationToken) : runner.StartAsync(cancellationToken));
        await using var session = await connections.OpenAsync(cancellationToken);
        await CheckPreparedAsync(session, cancellationToken);
        if (before.Writable)
        {
            await OpenTransactionsEndAsync(session, grace, cancellationToken);
        }

        try
        {
            member.Change(state => state with { Writable = false });
            runner.WriteOptionFile();
            await RefuseWritesAsync(session, cancellationToken);
            await RefusedTransactionsEndAsync(session, cancellationToken);
            await CheckPreparedAsync(session, cancellationToken);
            await runner.SetRoleAsync(session, cancellationToken);
            await EventsOfTheMaster.NoteAsync(session, cancellationToken);
            return await positions.GetAsync(cancellationToken);
        }
        catch (Exception e) when (before.Writable && e is not OperationCanceledException)
        {
            // Not one that was stopped before: somebody else may be the master by now.
            member.Change(state => state with { Writable = true });
            runner.WriteOptionFile();
            await using var undoing = await connections.OpenAsync(CancellationToken.None);
            await runner.SetRoleAsync(undoing, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Those that are open now, and only those: under load there are always some.</summary>
    private async Task OpenTransactionsEndAsync(Session session, TimeSpan grace, CancellationToken cancellationToken)
    {
        var started = host.Time.GetTimestamp();
        var open = await TransactionsAsync(session, cancellationToken);
        while (open.Count > 0 && host.Time.GetElapsedTime(started) < grace)
        {
            open.IntersectWith(await TransactionsAsync(session, cancellationToken));
        }

        // Before clients have to wait, and not when the next look is due.
        await BetweenLooksAsync(cancellationToken);
    }

    private async Task<HashSet<Writer>> TransactionsAsync(Session session, CancellationToken cancellationToken) =>
        [.. (await LookAsync(session, cancellationToken)).Where(writer => writer.Transaction is not null)];

    private async Task<IReadOnlyList<Writer>> LookAsync(Session session, CancellationToken cancellationToken)
    {
        await BetweenLooksAsync(cancellationToken);
        var writers = await Writer.ListAsync(flavor, session, cancellationToken);
        _lookedAt = host.Time.GetTimestamp();
        return writers;
    }

    private async Task BetweenLooksAsync(CancellationToken cancellationToken)
    {
        if (_lookedAt is { } at && BetweenLooks - host.Time.GetElapsedTime(at) is { } left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, host.Time, cancellationToken);
        }
    }

    /// <summary>The server waits for all that writes just now, and lets nothing begin meanwhile.</summary>
    private async Task RefuseWritesAsync(Session session, CancellationToken cancellationToken)
    {
        await using var refusing = await connections.OpenAsync(cancellationToken);
        await refusing.ExecuteAsync($"SET SESSION lock_wait_timeout = {Patience.TotalSeconds:0}", cancellationToken);
        var started = host.Time.GetTimestamp();
        var refused = flavor.SetReadOnlyAsync(refusing, member.State, cancellationToken);
        try
        {
            await Task.WhenAny(refused, Task.Delay(ForCommits, host.Time, cancellationToken));
            while (!refused.IsCompleted)
            {
                var writers = await LookAsync(session, cancellationToken);
                var isHidden = host.Time.GetElapsedTime(started) > ForWriters;
                await EndAsync(session, writers.Where(writer => isHidden || writer.Transaction is not null), cancellationToken);
            }

            await refused;
        }
        catch (DatastoreException e) when (e.Kind is FaultKind.Transient)
        {
            throw Faults.Transient(
                $"The server could not be made read only within {Patience.TotalSeconds:0} s: something holds it up. {e.Message}", e);
        }
        finally
        {
            // It may not come behind what is done about a failure.
            await refused.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>They cannot be committed any more, and hold rows that a slave has to change.</summary>
    private async Task RefusedTransactionsEndAsync(Session session, CancellationToken cancellationToken)
    {
        var started = host.Time.GetTimestamp();
        while (await TransactionsAsync(session, cancellationToken) is { Count: > 0 } open)
        {
            if (host.Time.GetElapsedTime(started) > Patience)
            {
                throw Faults.Transient(
                    $"{open.Count} transactions were ended, and are not rolled back after {Patience.TotalSeconds:0} s; try again.");
            }

            await EndAsync(session, open, cancellationToken);
        }
    }

    private static Task EndAsync(Session session, IEnumerable<Writer> writers, CancellationToken cancellationToken) =>
        ClientConnections.EndAsync(session, writers.Select(writer => writer.Thread), cancellationToken);

    /// <summary>They outlive their sessions, and who ends them decides what they did.</summary>
    private static async Task CheckPreparedAsync(Session session, CancellationToken cancellationToken)
    {
        if (await session.ShowAsync("XA RECOVER", cancellationToken) is { Count: > 0 } prepared)
        {
            var names = string.Join(", ", prepared.Take(MostNames).Select(row => Printable(row["data"] ?? "")))
                + (prepared.Count > MostNames ? ", …" : "");
            throw Faults.Precondition(
                $"{prepared.Count} prepared transactions (XA) wait for their end ({names}): commit them or roll them back first.");
        }
    }

    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
}
