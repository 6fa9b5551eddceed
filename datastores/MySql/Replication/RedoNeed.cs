namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Whether a redo log is large enough for a copy that reads it behind the server.</summary>
internal static class RedoNeed
{
    /// <summary>A copy that is taken away slowly passes on so many bytes a second.</summary>
    private const long SlowPace = 20 * 1024 * 1024;

    /// <summary>What comes after the measurement may be so many times as much.</summary>
    private const int Caution = 4;

    /// <param name="logBytes">Size of the redo log.</param>
    /// <param name="dataBytes">Size of what is copied.</param>
    /// <param name="writtenPerSecond">What the server writes into its log now, in bytes a second.</param>
    public static bool IsMet(long logBytes, long dataBytes, double writtenPerSecond) =>
        writtenPerSecond * Caution * dataBytes / SlowPace < logBytes;
}
