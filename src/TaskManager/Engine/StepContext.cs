using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Engine;

/// <summary>What a step may use while its operation is claimed.</summary>
public sealed class StepContext(Operation operation, long generation, IDatabase database, string owner, TimeSpan lease, DatabaseClock clock)
{
    /// <summary>The operation as it was when this step was begun.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>The first half of every fence.</summary>
    public long Generation { get; } = generation;

    /// <summary>Unix milliseconds, by the database's clock.</summary>
    public long Now => clock.Now;

    /// <summary>How long this step has been tried, over all tries.</summary>
    public TimeSpan Elapsed => TimeSpan.FromMilliseconds(Now - Operation.StepStarted);

    /// <summary>Reads.</summary>
    public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) => database.ReadAsync(work, cancellationToken);

    /// <summary>Writes, if the claim still holds.</summary>
    /// <exception cref="ClaimLostException">It does not: another worker goes on from what was saved.</exception>
    public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit => OperationRows.Hold(unit, Operation.Id, Operation.Claim, owner, lease)
                ? work(unit)
                : throw new ClaimLostException(Operation.Id),
            cancellationToken);

    /// <summary>
    /// Saves what the step remembers in a unit of the step's own, for a change and the knowledge of it that are one fact.
    /// </summary>
    public void Remember<TState>(IUnit unit, TState state) =>
        OperationRows.Save(unit, Operation with { State = JsonSerializer.Serialize(state, JsonSerializerOptions.Web) });

    /// <summary>Writes, if the claim still holds.</summary>
    /// <exception cref="ClaimLostException">It does not.</exception>
    public Task WriteAsync(Action<IUnit> work, CancellationToken cancellationToken) =>
        WriteAsync(
            unit =>
            {
                work(unit);
                return true;
            },
            cancellationToken);
}
