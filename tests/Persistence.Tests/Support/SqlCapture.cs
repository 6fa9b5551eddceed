namespace Dbaas.Persistence.Tests.Support;

/// <summary>Remembers the statements of one unit, in order.</summary>
internal sealed class SqlCapture(IUnit inner) : DecoratedUnit(inner)
{
    public List<string> Statements { get; } = [];

    public override int Execute(string sql, object? parameters = null)
    {
        Statements.Add(sql);
        return base.Execute(sql, parameters);
    }

    public override IReadOnlyList<T> Query<T>(string sql, object? parameters = null)
    {
        Statements.Add(sql);
        return base.Query<T>(sql, parameters);
    }

    public override T? First<T>(string sql, object? parameters = null)
        where T : default
    {
        Statements.Add(sql);
        return base.First<T>(sql, parameters);
    }
}
