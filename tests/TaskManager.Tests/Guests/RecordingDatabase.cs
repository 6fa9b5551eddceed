using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;

namespace Dbaas.TaskManager.Tests.Guests;

/// <summary>Notes each statement that writes, and is away when told so.</summary>
internal sealed class RecordingDatabase(IDatabase inner) : IDatabase
{
    private readonly Lock gate = new();
    private readonly List<string> writes = [];
    private int transactions;
    private int reads;

    public bool IsAway { get; set; }

    public IReadOnlyList<string> TakeWrites()
    {
        lock (gate)
        {
            string[] taken = [.. writes];
            writes.Clear();
            return taken;
        }
    }

    /// <summary>How many transactions that write were begun since the last look.</summary>
    public int TakeTransactions() => Interlocked.Exchange(ref transactions, 0);

    /// <summary>How many units only read since they were taken.</summary>
    public int Reads => Volatile.Read(ref reads);

    /// <summary>How many units only read since the last look.</summary>
    public int TakeReads() => Interlocked.Exchange(ref reads, 0);

    public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref reads);
        return IsAway ? throw new IOException("The database is away.") : inner.ReadAsync(work, cancellationToken);
    }

    public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref transactions);
        return IsAway
            ? throw new IOException("The database is away.")
            : inner.WriteAsync(unit => work(new Recorder(unit, Note)), cancellationToken);
    }

    private void Note(string sql)
    {
        lock (gate)
        {
            writes.Add(sql);
        }
    }

    private sealed class Recorder(IUnit inner, Action<string> note) : IUnit
    {
        public IDialect Dialect => inner.Dialect;

        public SecretBox Secrets => inner.Secrets;

        public Origin Origin => inner.Origin;

        public bool Notifies => inner.Notifies;

        public int Execute(string sql, object? parameters = null)
        {
            note(sql);
            return inner.Execute(sql, parameters);
        }

        public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => inner.Query<T>(sql, parameters);

        public T? First<T>(string sql, object? parameters = null) => inner.First<T>(sql, parameters);
    }
}
