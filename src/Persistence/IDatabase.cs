namespace Dbaas.Persistence;

/// <summary>
/// The control plane's database. Work runs on the database's own threads, never on the caller's, because the drivers block.
/// </summary>
public interface IDatabase
{
    /// <summary>Reads. Every statement sees its own moment. A unit that reads cannot write.</summary>
    Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken);

    /// <summary>
    /// Writes in one transaction. The whole of <paramref name="work"/> is run again when the database asks for it (deadlock, certification
    /// failure, lost connection), so it must do nothing but talk to its unit; an exception from it rolls everything back.
    /// It is committed once: when the connection is lost while it commits, it is found out whether it was.
    /// </summary>
    Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken);

    /// <summary>The same database by the threads of a lane.</summary>
    IDatabase In(DatabaseLane lane) => this;
}

/// <summary>Shorthand.</summary>
public static class DatabaseExtensions
{
    /// <summary>Writes, and takes everything back where what came of it is not what was wanted.</summary>
    /// <returns>What came of it, either way.</returns>
    public static async Task<T> WriteIfAsync<T>(
        this IDatabase database, Func<IUnit, T> work, Func<T, bool> isWanted, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(
                unit =>
                {
                    var result = work(unit);
                    return isWanted(result) ? result : throw new TakenBackException<T>(result);
                },
                cancellationToken);
        }
        catch (TakenBackException<T> e)
        {
            return e.Result;
        }
    }

    /// <summary>Writes without a result.</summary>
    public static Task WriteAsync(this IDatabase database, Action<IUnit> work, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                work(unit);
                return true;
            },
            cancellationToken);

    /// <summary>The unit is rolled back.</summary>
    private sealed class TakenBackException<T>(T result) : Exception
    {
        public T Result => result;
    }
}
