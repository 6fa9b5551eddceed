using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Archiving;
using Dbaas.Datastores.MySql.Logs;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Control;

/// <summary>What a look at the server shows to be amiss, and nobody has to be asked about: mended between the agent's calls.</summary>
internal sealed class Upkeep(
    DatastoreHost host,
    MemberStore member,
    ServerRunner runner,
    Snapshots snapshots,
    OwnTransactions own,
    ReceivedMark received,
    LogTurning logs,
    LogSwitches switches,
    LogKeeper keeper,
    Turns turns,
    VolumeRoom room,
    ConfigurationTrial trial)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>After a failure: the reason may last.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>What ended for want of space may end so again: the engine can want more than there is.</summary>
    private static readonly TimeSpan PauseForSpace = TimeSpan.FromSeconds(15);

    private long? _failedAt;
    private long? _triedForSpaceAt;

    /// <summary>Begins what is needed, and returns at once.</summary>
    public void After(ServerAnswer answer)
    {
        if (_failedAt is { } at && host.Time.GetElapsedTime(at) < Pause)
        {
            return;
        }

        _failedAt = null;
        if (member.State.Following is { MendTo: not null }
            || (member.State.Following is { } source && answer.Replica is { } replica && source.IsAmiss(replica)))
        {
            Begin(runner.SettleAsync);
        }
        else if (member.State.Following is { HasThreads: true } && answer.Replica is { EndedForSpace: true } && !room.IsFull
            && (_triedForSpaceAt is not { } tried || host.Time.GetElapsedTime(tried) >= PauseForSpace))
        {
            _triedForSpaceAt = host.Time.GetTimestamp();
            Begin(runner.SettleAsync);
        }
        else if (own.MayBeMended(answer.Replica))
        {
            Begin(own.MendAsync);
        }
        else if (received.IsToBeNoted(answer.Replica))
        {
            Begin(_ =>
            {
                received.Note(answer.Replica);
                return Task.CompletedTask;
            });
        }
        else if (trial.IsProvenBy(answer.Mark))
        {
            Begin(_ =>
            {
                trial.Look(answer.Mark);
                return Task.CompletedTask;
            });
        }
        else if (logs.IsNeeded)
        {
            Begin(logs.TurnAsync);
        }
        else if (switches.IsToBeSet(answer))
        {
            Begin(switches.SetAsync);
        }
        else if (member.State.Snapshots.Values.Any(snapshot => snapshot.OpenUntil <= host.Time.GetUtcNow()))
        {
            Begin(snapshots.CloseExpiredAsync);
        }
        else if (keeper.IsToBeLookedAt)
        {
            // Last: on a volume that stays nearly full it is to be looked at again and again.
            Begin(keeper.LookAsync);
        }
    }

    /// <summary>The server does not run, and may be started again and again.</summary>
    public void AfterEnd()
    {
        if (trial.IsOn && host.Supervisor.EndsInARow >= ServerRunner.EndsThatAreNoAccident)
        {
            Begin(runner.GoBackAsync);
        }
        else if (logs.AnyIsLarge)
        {
            Begin(_ =>
            {
                logs.TurnWhileDown();
                return Task.CompletedTask;
            });
        }
    }

    private void Begin(Func<CancellationToken, Task> mend) => turns.Between(
        Longest,
        async stop =>
        {
            try
            {
                await mend(stop);
            }
            catch (Exception e) when (e is DatastoreException or IOException or UnauthorizedAccessException or OperationCanceledException)
            {
                _failedAt = host.Time.GetTimestamp();
                if (!stop.IsCancellationRequested)
                {
                    host.Log($"What is amiss with the server could not be mended; that is tried again: {e.Message}");
                }
            }
        });
}
