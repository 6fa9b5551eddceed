namespace Dbaas.Domain.Logs;

/// <summary>How a log stands, in Trove's words.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Published">Bytes that were published.</param>
/// <param name="Pending">Bytes that could be.</param>
public readonly record struct LogStanding(string Status, long Published, long Pending)
{
    /// <summary>The one place where the words are chosen.</summary>
    /// <param name="log">The log in its guest.</param>
    /// <param name="published">What was published; null: nothing ever was.</param>
    public static LogStanding Of(WrittenLog log, PublishedLog? published)
    {
        var (reached, sent) = (published?.Reached ?? 0, published?.Published ?? 0);
        var pending = log.End - (reached > log.End ? log.First : Math.Max(reached, log.First));
        var isRotated = sent > 0 && (reached < log.First || reached > log.End);
        var status = log switch
        {
            { IsChosen: true, IsEnabled: false } => "Disabled",
            _ when log.End == log.First => log.IsChosen ? "Enabled" : "Unavailable",
            _ when isRotated => "Rotated",
            _ when pending > 0 => sent > 0 ? "Partial" : "Ready",
            _ => sent > 0 ? "Published" : "Enabled",
        };
        return new(status, sent, pending);
    }
}

/// <summary>A log as its guest has it.</summary>
/// <param name="IsChosen">Users say whether it is written.</param>
/// <param name="IsEnabled">It is written.</param>
/// <param name="First">From here on it can be read.</param>
/// <param name="End">Up to here it is written.</param>
public readonly record struct WrittenLog(bool IsChosen, bool IsEnabled, long First, long End);
