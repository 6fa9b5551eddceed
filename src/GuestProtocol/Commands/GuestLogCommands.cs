namespace Dbaas.GuestProtocol.Commands;

/// <summary>The logs that the database server writes for people. Result: <see cref="GuestLogs"/>.</summary>
public sealed record ListLogs : GuestCommand;

/// <summary>All of them, in order of name.</summary>
public sealed record GuestLogs(IReadOnlyList<GuestLog> Logs);

/// <summary>One log: a stream of bytes that is counted from its beginning.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsChosen">Users say whether it is written; false: it always is.</param>
/// <param name="IsEnabled">It is written.</param>
/// <param name="First">From here on it can still be read.</param>
/// <param name="End">Up to here it is written.</param>
public sealed record GuestLog(string Name, bool IsChosen, bool IsEnabled, long First, long End);

/// <summary>
/// A log is written from now on, or is not any more. <see cref="FaultKind.NotFound"/>: there is none of this name;
/// <see cref="FaultKind.Precondition"/>: it always is.
/// </summary>
/// <param name="Name">The log.</param>
/// <param name="IsEnabled">It is to be written.</param>
public sealed record EnableLog(string Name, bool IsEnabled) : GuestCommand;

/// <summary>Some of a log, without credentials. Result: <see cref="LogText"/>, or <see cref="FaultKind.NotFound"/>.</summary>
/// <param name="Name">The log.</param>
/// <param name="From">Where to begin.</param>
/// <param name="MostBytes">No more of the log than this.</param>
public sealed record ReadLog(string Name, long From, int MostBytes) : GuestCommand;

/// <summary>Some of a log, in whole entries.</summary>
/// <param name="From">Where it begins: where it was to, unless that has gone.</param>
/// <param name="Next">Where it ends.</param>
/// <param name="End">Where the log ends.</param>
/// <param name="Gzip">What is to be read, compressed. What was left out is not in it.</param>
public sealed record LogText(long From, long Next, long End, byte[] Gzip);
