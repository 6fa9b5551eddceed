using Dbaas.Domain.Operations;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;

namespace Dbaas.Persistence.Tests.Support;

internal abstract class DecoratedUnit(IUnit inner) : IUnit
{
    public IDialect Dialect => inner.Dialect;

    public SecretBox Secrets => inner.Secrets;

    public Origin Origin => inner.Origin;

    public bool Notifies => inner.Notifies;

    public virtual int Execute(string sql, object? parameters = null) => inner.Execute(sql, parameters);

    public virtual IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => inner.Query<T>(sql, parameters);

    public virtual T? First<T>(string sql, object? parameters = null) => inner.First<T>(sql, parameters);
}
