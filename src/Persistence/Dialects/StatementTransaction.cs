using System.Data.Common;
using Dapper;

namespace Dbaas.Persistence.Dialects;

/// <summary>
/// A transaction of plain statements, which have a time limit. (MySqlConnector's own BEGIN has none: on a node that hangs it would hang for
/// good.) A connection on which anything failed is closed, and that rolls back, too.
/// </summary>
internal sealed class StatementTransaction : IWriteTransaction
{
    private readonly DbConnection connection;
    private bool isOver;

    public StatementTransaction(DbConnection connection)
    {
        this.connection = connection;
        connection.Execute("START TRANSACTION");
    }

    public DbTransaction? OfDriver => null;

    public void Commit()
    {
        // Whatever comes of it, there is nothing left to roll back.
        isOver = true;
        connection.Execute("COMMIT");
    }

    public void Dispose()
    {
        if (isOver || connection.State != System.Data.ConnectionState.Open)
        {
            return;
        }

        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (Exception e) when (MySqlErrors.WhyRetry(e) is not null)
        {
            // It goes with its connection.
        }
    }
}
