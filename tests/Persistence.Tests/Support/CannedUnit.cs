using Dbaas.Domain.Operations;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;

namespace Dbaas.Persistence.Tests.Support;

/// <summary>A unit without a database: every statement matches so many rows, so that a method can be led down each of its ways.</summary>
internal sealed class CannedUnit(IDialect dialect, SecretBox secrets, int matched) : IUnit
{
    public IDialect Dialect => dialect;

    public SecretBox Secrets => secrets;

    public Origin Origin => Origin.None;

    public bool Notifies => matched != 0;

    public int Execute(string sql, object? parameters = null) => matched;

    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => First<T>(sql) is { } row ? [row] : [];

    public T? First<T>(string sql, object? parameters = null) => matched == 0 ? default
        : typeof(T) == typeof(string) ? (T)(object)"value"
        : Activator.CreateInstance<T>();
}
