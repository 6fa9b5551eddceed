using System.Collections.Concurrent;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;

namespace Dbaas.TroveApi.Tests.Harness;

/// <summary>Notes each query.</summary>
internal sealed class ReadingDatabase(IDatabase inner) : IDatabase
{
    private readonly ConcurrentQueue<string> queries = new();

    /// <summary>Those since the last look.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = new List<string>();
        while (queries.TryDequeue(out var query))
        {
            taken.Add(query);
        }

        return taken;
    }

    public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        inner.ReadAsync(unit => work(new Noting(unit, queries)), cancellationToken);

    public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) =>
        inner.WriteAsync(unit => work(new Noting(unit, queries)), cancellationToken);

    private sealed class Noting(IUnit inner, ConcurrentQueue<string> queries) : IUnit
    {
        public IDialect Dialect => inner.Dialect;

        public SecretBox Secrets => inner.Secrets;

        public Origin Origin => inner.Origin;

        public bool Notifies => inner.Notifies;

        public int Execute(string sql, object? parameters = null) => inner.Execute(sql, parameters);

        public IReadOnlyList<T> Query<T>(string sql, object? parameters = null)
        {
            queries.Enqueue(sql);
            return inner.Query<T>(sql, parameters);
        }

        public T? First<T>(string sql, object? parameters = null)
        {
            queries.Enqueue(sql);
            return inner.First<T>(sql, parameters);
        }
    }
}
