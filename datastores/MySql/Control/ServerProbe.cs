using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.Datastores.MySql.Control;

/// <summary>
/// Looks at the server on a connection that stays open: that costs nearly nothing, and clients cannot take it away.
/// </summary>
internal sealed class ServerProbe(Flavor flavor, ServerConnections connections, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Reports go out no more often, and counting goes through all of the server's counters.
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(10);

    /// <summary>What was counted last, and when; null: nothing was.</summary>
    private (ServerFigures Figures, long At)? _counted;

    /// <summary>A look that has no end. Until it has one there is no other: each would take a connection and keep it.</summary>
    private Task _stuck = Task.CompletedTask;

    /// <exception cref="DatastoreException">It cannot be asked.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public async Task<ServerAnswer> LookAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (!_stuck.IsCompleted)
        {
            throw NoAnswer();
        }

        var asking = AskAsync(end.Token);
        try
        {
            return await asking.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _stuck = asking.ContinueWith(ended => ended.Exception, TaskScheduler.Default);
            throw NoAnswer();
        }
    }

    private static TimeoutException NoAnswer() => new($"The database server does not answer within {Patience.TotalSeconds:0} s.");

    private async Task<ServerAnswer> AskAsync(CancellationToken cancellationToken)
    {
        if (connections.TakeForLook() is { } known)
        {
            try
            {
                return await AskAsync(known, cancellationToken);
            }
            catch (DatastoreException)
            {
                // The server was restarted meanwhile, or is down: the next connection tells.
            }
        }

        return await AskAsync(await connections.OpenForLookAsync(Patience, cancellationToken), cancellationToken);
    }

    private async Task<ServerAnswer> AskAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await flavor.LookAsync(session, cancellationToken);
            if (_counted is not { } counted || time.GetElapsedTime(counted.At) >= CountEvery)
            {
                _counted = counted = (await CountAsync(session, cancellationToken), time.GetTimestamp());
            }

            await session.DisposeAsync();
            return answer with { Figures = counted.Figures };
        }
        catch
        {
            await session.CloseAsync();
            throw;
        }
    }

    private static async Task<ServerFigures> CountAsync(Session session, CancellationToken cancellationToken)
    {
        var counters = (await session.ShowAsync(
            "SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_connected', 'Questions')", cancellationToken))
            .ToDictionary(row => row["Variable_name"]!, row => long.Parse(row["Value"]!, CultureInfo.InvariantCulture));
        return new ServerFigures(counters["Threads_connected"], counters["Questions"]);
    }
}
