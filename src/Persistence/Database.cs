using Dbaas.Domain.Operations;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Origins;
using Dbaas.Persistence.Secrets;

namespace Dbaas.Persistence;

/// <summary>Units of work over one dialect: threads with a connection each, transactions, and retries of the whole unit.</summary>
public sealed class Database : IDatabase, IDisposable
{
    private readonly IDialect dialect;
    private readonly SecretBox secrets;
    private readonly SessionThreads[] lanes;
    private readonly bool notifies;
    private readonly CommitMarks marks;
    private readonly Retries retries;

    /// <summary>Opens nothing yet: each thread connects when it first works.</summary>
    /// <param name="dialect">Which database.</param>
    /// <param name="secrets">Encrypts what is secret at rest.</param>
    /// <param name="threadCount">Of each lane.</param>
    /// <param name="notifies">What operations do is told to others.</param>
    /// <param name="patience">For how long a unit is tried again; null: 30 seconds.</param>
    public Database(IDialect dialect, SecretBox secrets, int threadCount, bool notifies = false, TimeSpan? patience = null)
    {
        this.notifies = notifies;
        this.dialect = dialect;
        this.secrets = secrets;
        lanes = [.. Enum.GetValues<DatabaseLane>().Select(_ => new SessionThreads(dialect, threadCount))];
        marks = new CommitMarks(dialect);
        retries = new Retries(patience ?? TimeSpan.FromSeconds(30));
    }

    /// <inheritdoc />
    public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        ReadAsync(DatabaseLane.Requests, work, cancellationToken);

    /// <inheritdoc />
    public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        WriteAsync(DatabaseLane.Requests, work, cancellationToken);

    /// <inheritdoc />
    public IDatabase In(DatabaseLane lane) => new Lane(this, lane);

    /// <inheritdoc />
    public void Dispose() => Array.ForEach(lanes, threads => threads.Dispose());

    private Task<T> ReadAsync<T>(DatabaseLane lane, Func<IUnit, T> work, CancellationToken cancellationToken)
    {
        var origin = CurrentOrigin.Value;
        return retries.RunAsync(
            token => lanes[(int)lane].RunAsync(
                session => work(new Unit(session.Connection, null, dialect, secrets, origin, notifies)), token),
            dialect.WhyRetry,
            cancellationToken);
    }

    private Task<T> WriteAsync<T>(DatabaseLane lane, Func<IUnit, T> work, CancellationToken cancellationToken)
    {
        var write = new Write<T>(this, work);
        return retries.RunAsync(token => lanes[(int)lane].RunAsync(write.Try, token), write.WhyRetry, cancellationToken);
    }

    private sealed class Lane(Database database, DatabaseLane lane) : IDatabase
    {
        public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
            database.ReadAsync(lane, work, cancellationToken);

        public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
            database.WriteAsync(lane, work, cancellationToken);

        public IDatabase In(DatabaseLane other) => database.In(other);
    }

    private sealed class Write<T>(Database database, Func<IUnit, T> work)
    {
        private readonly string mark = database.marks.NewMark();
        private readonly Origin origin = CurrentOrigin.Value;
        private bool commitWasSent;
        private T result = default!;

        public RetryReason? WhyRetry(Exception exception) => database.dialect.WhyRetry(exception) switch
        {
            RetryReason.Lost or RetryReason.Timeout when commitWasSent => RetryReason.CommitUnknown,
            var reason => reason,
        };

        public T Try(Session session)
        {
            var dialect = database.dialect;
            if (dialect.CommitMayGetLost)
            {
                database.marks.EnsureTable(session.Connection);
            }

            using var transaction = dialect.BeginWrite(session.Connection);
            if (dialect.CommitMayGetLost && !database.marks.TryMark(session, transaction, mark) && commitWasSent)
            {
                return result;
            }

            var unit = new Unit(session.Connection, transaction, dialect, database.secrets, origin, database.notifies);
            result = work(unit);
            unit.ThrowIfRolledBack();
            commitWasSent = true;
            transaction.Commit();
            session.LastMark = mark;
            return result;
        }
    }
}
