using Dbaas.Domain.Operations;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;

namespace Dbaas.Persistence;

/// <summary>
/// One unit of work. A decision is the WHERE of one guarded statement that reads only columns of the row it writes; its answer is the row
/// count.
/// </summary>
public interface IUnit
{
    /// <summary>What differs between the databases.</summary>
    IDialect Dialect { get; }

    /// <summary>Encrypts what is secret at rest.</summary>
    SecretBox Secrets { get; }

    /// <summary>For whom it works.</summary>
    Origin Origin { get; }

    /// <summary>What operations do is told to others: <see cref="Rows.NoticeRows"/> are to be written.</summary>
    bool Notifies { get; }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows that it matched.</returns>
    int Execute(string sql, object? parameters = null);

    /// <summary>Reads rows.</summary>
    IReadOnlyList<T> Query<T>(string sql, object? parameters = null);

    /// <summary>Reads the first row, or nothing.</summary>
    T? First<T>(string sql, object? parameters = null);
}
