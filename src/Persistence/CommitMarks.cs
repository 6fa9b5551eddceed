using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence;

/// <summary>
/// Answers the question that a lost connection leaves behind: was it committed? Each unit writes a mark of its own into its transaction.
/// A unit that runs again after its commit was sent, and finds its mark there, was committed the first time.
/// A session's mark takes the place of its last one, so the table stays as small as the number of sessions.
/// </summary>
internal sealed class CommitMarks(IDialect dialect)
{
    private const long KeptMilliseconds = 24 * 60 * 60 * 1000;
    private readonly string prefix = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private long counter;
    private volatile bool tableIsThere;

    public string NewMark() => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref counter)}");

    /// <summary>Not in a transaction: making a table would commit it. Not a migration either, since those are units themselves.</summary>
    public void EnsureTable(DbConnection connection)
    {
        if (tableIsThere)
        {
            return;
        }

        try
        {
            Prune(connection);
        }
        catch (DbException e) when (dialect.WhyRetry(e) is null)
        {
            // Only when it is missing: on a cluster even a CREATE that finds its table aborts the units that are using it.
            connection.Execute(
                "CREATE TABLE IF NOT EXISTS commit_marks (mark VARCHAR(64) NOT NULL PRIMARY KEY, marked BIGINT NOT NULL) "
                    + $"{dialect.TableOptions}");
        }

        tableIsThere = true;
    }

    /// <summary>Marks the transaction.</summary>
    /// <returns>False: there is this mark already.</returns>
    public bool TryMark(Session session, IWriteTransaction transaction, string mark)
    {
        try
        {
            var moved = session.Connection.Execute(
                $"UPDATE commit_marks SET mark = @mark, marked = {dialect.Now} WHERE mark = @LastMark",
                new { mark, session.LastMark },
                transaction.OfDriver);
            if (moved == 0)
            {
                session.Connection.Execute(
                    $"INSERT INTO commit_marks (mark, marked) VALUES (@mark, {dialect.Now})", new { mark }, transaction.OfDriver);
            }

            return true;
        }
        catch (DbException e) when (dialect.IsDuplicateKey(e))
        {
            return false;
        }
    }

    // Sessions that are gone leave one each. One by one by their key: a delete that searches would wait for every unit that is under way.
    private void Prune(DbConnection connection)
    {
        var old = $"marked < {dialect.Now} - {KeptMilliseconds}";
        foreach (var mark in connection.Query<string>($"SELECT mark FROM commit_marks WHERE {old}"))
        {
            connection.Execute($"DELETE FROM commit_marks WHERE mark = @mark AND {old}", new { mark });
        }
    }
}
