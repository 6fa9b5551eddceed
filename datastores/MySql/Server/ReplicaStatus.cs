using System.Globalization;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>What a slave says about itself.</summary>
internal sealed record ReplicaStatus
{
    private const int FirstClientError = 2000;

    /// <summary>
    /// Of a file that could not be written, or of a table that could not grow: a slave's applier in several threads says no more than that.
    /// </summary>
    private static readonly int[] OfSpace = [3, 20, 1021, 1026, 1114];

    /// <summary>Whom it follows.</summary>
    public required string SourceHost { get; init; }

    /// <summary>Its port.</summary>
    public required int SourcePort { get; init; }

    /// <summary>The login it uses there.</summary>
    public required string SourceUser { get; init; }

    /// <summary>The receiving thread: Yes, No, Connecting.</summary>
    public required string Receiver { get; init; }

    /// <summary>It has no room for what it receives. It looks again once a minute, and until then cannot be stopped.</summary>
    public bool ReceiverWaitsForSpace { get; init; }

    /// <summary>The applying thread: Yes or No.</summary>
    public required string Applier { get; init; }

    /// <summary>Null: not known.</summary>
    public double? LagSeconds { get; init; }

    /// <summary>0: none.</summary>
    public required int ReceiverErrorNumber { get; init; }

    /// <summary>In the engine's words.</summary>
    public required string ReceiverError { get; init; }

    /// <summary>0: none.</summary>
    public required int ApplierErrorNumber { get; init; }

    /// <summary>In the engine's words.</summary>
    public required string ApplierError { get; init; }

    /// <summary>What was received, as the engine writes it; empty: it does not know.</summary>
    public required string Received { get; init; }

    /// <summary>What was applied.</summary>
    public required string Applied { get; init; }

    /// <summary>Transactions in its log that it made itself; empty: none.</summary>
    public string Own { get; init; } = "";

    /// <summary>It applies what was received before its server started, and does not receive yet.</summary>
    public bool LeftOver { get; init; }

    /// <summary>All of that is applied.</summary>
    public bool LeftOverApplied { get; init; }

    /// <summary>What was received cannot be read again.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>
    /// Neither thread runs and neither says why, or what is left over is done with: that is how a server starts, and it is to follow again.
    /// </summary>
    public bool IsToBeStarted =>
        IsDamaged || (LeftOver && (LeftOverApplied || (!Applying && !EndedForSpace)))
        || (Receiver == "No" && !Applying && ReceiverErrorNumber == 0 && ApplierErrorNumber == 0);

    /// <summary>
    /// A thread ended for want of space, which the engine does not start again. Nothing is lost by it: with room it goes on where it ended.
    /// </summary>
    public bool EndedForSpace =>
        (!Applying && IsOfSpace(ApplierErrorNumber, ApplierError)) || (Receiver == "No" && IsOfSpace(ReceiverErrorNumber, ReceiverError));

    public bool Receiving => Receiver == "Yes";

    /// <summary>It tries to reach its source, and gets no answer. Errors below the client's are a server's own, which lives.</summary>
    public bool SourceLost => Receiver == "Connecting" && ReceiverErrorNumber is 0 or >= FirstClientError;

    public bool Applying => Applier == "Yes";

    /// <summary>The last error of either thread; null: none.</summary>
    public string? LastError => ApplierErrorNumber != 0 ? ApplierError : ReceiverErrorNumber != 0 ? ReceiverError : null;

    /// <summary>From the engine's status statement.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="replica">How columns about this side begin.</param>
    /// <param name="source">How columns about the other side begin.</param>
    /// <param name="received">See <see cref="Received"/>.</param>
    /// <param name="applied">See <see cref="Applied"/>.</param>
    public static ReplicaStatus Of(
        IReadOnlyDictionary<string, string?> row, string replica, string source, string received, string applied) => new()
    {
        SourceHost = row[source + "Host"] ?? "",
        SourcePort = Number(row[source + "Port"]),
        SourceUser = row[source + "User"] ?? "",
        Receiver = row[replica + "IO_Running"] ?? "No",
        ReceiverWaitsForSpace = (row[replica + "IO_State"] ?? "").Contains("disk space", StringComparison.OrdinalIgnoreCase),
        Applier = row[replica + "SQL_Running"] ?? "No",
        LagSeconds = row[$"Seconds_Behind_{source.TrimEnd('_')}"] is { } lag ? double.Parse(lag, CultureInfo.InvariantCulture) : null,
        ReceiverErrorNumber = Number(row["Last_IO_Errno"]),
        ReceiverError = row["Last_IO_Error"] ?? "",
        ApplierErrorNumber = Number(row["Last_SQL_Errno"]),
        ApplierError = row["Last_SQL_Error"] ?? "",
        Received = received,
        Applied = applied,
    };

    private static bool IsOfSpace(int number, string words) => OfSpace.Contains(number) || ErrorLog.SpeaksOfNoSpace(words);

    private static int Number(string? text) => text is null ? 0 : int.Parse(text, CultureInfo.InvariantCulture);
}
