using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;

namespace Dbaas.TroveApi.Instances;

/// <summary>Starts operations on instances that exist: operation, locks and history in one unit of guarded writes.</summary>
internal sealed class OperationStart(IDatabase database, ControlSignals signals, IIdSource ids, TimeProvider time)
{
    /// <summary>Starts it.</summary>
    /// <param name="wish">What to start.</param>
    /// <param name="cancellationToken">Gives up before the unit has begun.</param>
    /// <returns>False: a guard did not hold, and nothing was written.</returns>
    public Task<bool> TryAsync(OperationWish wish, CancellationToken cancellationToken) => TryAllAsync([wish], _ => { }, cancellationToken);

    /// <summary>Starts several, on an instance each, or none.</summary>
    /// <param name="wishes">What to start; at least one.</param>
    /// <param name="also">What is written in the same unit: for example what they take from a quota.</param>
    /// <param name="cancellationToken">Gives up before the unit has begun.</param>
    /// <returns>False: a guard did not hold, and nothing was written.</returns>
    public async Task<bool> TryAllAsync(IReadOnlyList<OperationWish> wishes, Action<IUnit> also, CancellationToken cancellationToken)
    {
        // In id order, as all locks are taken.
        var all = wishes.OrderBy(wish => wish.InstanceId, StringComparer.Ordinal)
            .Select(wish => (Wish: wish, OperationId: ids.NewId(), HistoryId: ids.NewId())).ToList();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    foreach (var (wish, operationId, _) in all)
                    {
                        Write(unit, wish, operationId, now);
                    }

                    foreach (var (wish, operationId, historyId) in all)
                    {
                        HistoryRows.Add(unit, HistoryEntry.Started(historyId, wish.InstanceId, wish.Kind, operationId, now));
                    }

                    also(unit);
                },
                cancellationToken);
        }
        catch (GuardException)
        {
            return false;
        }

        signals.OperationIsDue();
        return true;
    }

    private static void Write(IUnit unit, OperationWish wish, string operationId, long now)
    {
        OperationRows.Insert(unit, operationId, wish.Kind, wish.InstanceId, wish.Goal, now);
        var subjects = wish.Others.Keys.Append(wish.InstanceId).Append(wish.SharedId).OfType<string>();
        foreach (var subject in subjects.Order(StringComparer.Ordinal))
        {
            GuardException.Unless(TryHold(unit, wish, subject, operationId, now));
        }

        if (wish.TakesOver is { } holder)
        {
            OperationRows.TakeOver(unit, holder, operationId);
        }

        if (wish.NewName is { } name)
        {
            InstanceChanges.SetName(unit, wish.InstanceId, name, now);
        }
        else if (wish.Behind is null)
        {
            InstanceChanges.Touch(unit, wish.InstanceId, now);
        }
    }

    private static bool TryHold(IUnit unit, OperationWish wish, string subject, string operationId, long now)
    {
        if (subject == wish.SharedId)
        {
            return LockRows.TryShare(unit, Subject.Instance(subject), operationId);
        }

        if (wish.Others.TryGetValue(subject, out var seen))
        {
            return LockRows.TryOwn(unit, subject, operationId, onlyReady: true, onlyWithoutSlaves: false, onlyAtVersion: seen);
        }

        return wish.Behind is { } version
            ? InstanceChanges.TryTouch(unit, subject, version, now)
            : LockRows.TryOwn(
                unit,
                subject,
                operationId,
                wish.Mode == StartMode.WhenReady,
                wish.OnlyWithoutSlaves,
                wish.OnlyAt,
                wish.Mode == StartMode.WhenCreated);
    }
}

/// <summary>What to start.</summary>
/// <param name="Kind">One of <see cref="OperationKinds"/>.</param>
/// <param name="InstanceId">The instance that it takes for its own.</param>
/// <param name="Mode">When it may.</param>
internal sealed record OperationWish(string Kind, string InstanceId, StartMode Mode)
{
    public string? Goal { get; init; }

    /// <summary>An instance that it shares with others: the master.</summary>
    public string? SharedId { get; init; }

    /// <summary>Instances that it takes for its own besides, each as it was at this version of its row; they must be ready.</summary>
    public IReadOnlyDictionary<string, long> Others { get; init; } = new Dictionary<string, long>();

    public bool OnlyWithoutSlaves { get; init; }

    /// <summary>The version of its row that the request was judged by; null: the request does not depend on it.</summary>
    public long? OnlyAt { get; init; }

    /// <summary>
    /// Its first step takes the instance, once the operation that holds it has undone itself. Decided by a row of this version: whoever
    /// comes for the same with the same row before him (a second DELETE) finds it changed.
    /// </summary>
    public long? Behind { get; init; }

    /// <summary>The operation that has the instance, and is to give it up for this one; null: it does so already, or none has it.</summary>
    public string? TakesOver { get; init; }

    /// <summary>A new name, given in the same request.</summary>
    public string? NewName { get; init; }
}

/// <summary>When an operation may take its instance.</summary>
internal enum StartMode
{
    /// <summary>At once, from an instance that is ready.</summary>
    WhenReady,

    /// <summary>At once, from an instance that is ready, or was and has no server that works.</summary>
    WhenCreated,

    /// <summary>At once, whatever state the instance is in.</summary>
    WhenFree,
}
