using System.Collections.Concurrent;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;
using Dbaas.Testing.Sql;

namespace Dbaas.Simulation.Checks;

/// <summary>
/// Refuses units of work of a form that would be wrong on a cluster: what single methods say may be right each by itself and wrong
/// together.
/// </summary>
public sealed class CheckedDatabase(IDatabase inner) : IDatabase
{
    // The same few are said again and again.
    private static readonly ConcurrentDictionary<string, string[]> Known = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) => inner.ReadAsync(work, cancellationToken);

    /// <inheritdoc />
    public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) => inner.WriteAsync(
        unit =>
        {
            var statements = new List<string>();
            var result = work(new Recorder(unit, statements));
            var broken = Known.GetOrAdd(string.Join(";\n", statements), _ => [.. SqlRules.BrokenInUnit(statements)]);
            return broken.Length == 0 ? result : throw new SimulationException(string.Join('\n', broken));
        },
        cancellationToken);

    private sealed class Recorder(IUnit inner, List<string> statements) : IUnit
    {
        public IDialect Dialect => inner.Dialect;

        public SecretBox Secrets => inner.Secrets;

        public Origin Origin => inner.Origin;

        public bool Notifies => inner.Notifies;

        public int Execute(string sql, object? parameters = null)
        {
            statements.Add(sql);
            return inner.Execute(sql, parameters);
        }

        public IReadOnlyList<T> Query<T>(string sql, object? parameters = null)
        {
            statements.Add(sql);
            return inner.Query<T>(sql, parameters);
        }

        public T? First<T>(string sql, object? parameters = null)
        {
            statements.Add(sql);
            return inner.First<T>(sql, parameters);
        }
    }
}
