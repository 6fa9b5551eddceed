namespace Dbaas.Domain.Guests;

/// <summary>How far long work in a guest is, as its agent last said.</summary>
/// <param name="CommandId">The command that began it.</param>
/// <param name="DoneBytes">Done.</param>
/// <param name="OfBytes">Of so many, as far as it is known; null: it is not.</param>
/// <param name="BytesPerSecond">How fast it went lately; 0: not known.</param>
/// <param name="WholeUntil">
/// Of an archive of a log: all that was committed until then is archived, in Unix microseconds; null: it is something else, or not known.
/// </param>
public sealed record JobProgress(string CommandId, long DoneBytes, long? OfBytes, long BytesPerSecond, long? WholeUntil = null)
{
    /// <summary>How long it will still take; null: not known.</summary>
    public long? SecondsLeft => OfBytes is { } all && BytesPerSecond > 0 ? Math.Max(0, all - DoneBytes) / BytesPerSecond : null;
}
