namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>In what the binary logs of the two engines differ.</summary>
internal abstract class LogForm
{
    /// <summary>Microseconds in a second.</summary>
    protected const long Micros = 1_000_000;

    /// <summary>With this event a transaction begins.</summary>
    public abstract bool Begins(byte type);

    /// <summary>Reads that event.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="body">Behind that, at least the first 64 bytes of it if there are so many.</param>
    public abstract Beginning ReadBeginning(LogEvent head, ReadOnlySpan<byte> body);

    /// <summary>A name as the engine writes it.</summary>
    public abstract string Text(LoggedName name);

    /// <summary>A set of transactions that the engine wrote.</summary>
    public abstract LoggedState StateOf(string text);

    /// <summary>Of an event that only says something when it was written.</summary>
    public static long SecondsOf(LogEvent head) => head.Seconds * Micros;

    /// <summary>How a transaction begins.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Committed">When it was committed, in Unix microseconds; null: its last event says that.</param>
    /// <param name="EndsByItself">One statement that is its own end; null: its first statement shows it.</param>
    internal readonly record struct Beginning(LoggedName Name, long? Committed, bool? EndsByItself);
}
