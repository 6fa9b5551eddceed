using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>
/// Does again what archived logs say, on a server that has the data of a backup, up to a moment. Each transaction once: those that the data
/// has are passed over.
/// </summary>
/// <param name="flavor">The engine.</param>
/// <param name="scratch">A folder on the volume.</param>
/// <param name="session">Of the server.</param>
/// <param name="player">Does what it is given there.</param>
/// <param name="had">What the data has.</param>
/// <param name="target">Where to stop.</param>
internal sealed class MomentReplay(
    Flavor flavor, string scratch, Session session, LogPlayer player, string had, RestoreTarget target)
{
    private readonly LoggedState _had = flavor.LogForm.StateOf(had);
    private readonly LoggedState _has = flavor.LogForm.StateOf(had);
    private readonly long? _until = target.Time is { } time ? Moments.Of(time) : null;
    private long? _committed;
    private bool _isThere;

    /// <summary>All of it.</summary>
    /// <exception cref="DatastoreException">See <see cref="ILogArchive.RestoreAsync"/>.</exception>
    public async Task<ReachedMoment> RunAsync(IReadOnlyList<StoredLog> logs, CancellationToken cancellationToken)
    {
        // Of one of the engines: nothing, for a log that is as new as this server.
        var measured = flavor.LogForm.StateOf(await flavor.Gtids.ReadStateAsync(session, cancellationToken));
        for (var i = 0; i < logs.Count && !_isThere; i++)
        {
            if (!_has.Covers(LogPlaceDocument.Parse(flavor, logs[i].From).Gtid))
            {
                throw Faults.Precondition(i == 0
                    ? "The archived log begins later than the backup ends: a backup that was taken later is needed."
                    : $"The archived log {logs[i].Id} does not go on from the one before it.");
            }

            await ReplayAsync(logs[i].Parts, measured, cancellationToken);
            if (!_isThere && logs[i].Reached is { } end && !_has.Covers(LogPlaceDocument.Parse(flavor, end).Gtid))
            {
                throw Faults.Permanent($"The archived log {logs[i].Id} lacks transactions that are said to be in it.");
            }
        }

        if (target.Transaction is { } wanted && !_isThere)
        {
            throw Faults.Precondition($"The transaction {wanted} is not in the archived log behind the backup.");
        }

        var reached = await flavor.Gtids.ReadStateAsync(session, cancellationToken);
        return measured.IsSameAs(reached)
            ? new ReachedMoment(_committed is { } micros ? Moments.Of(micros) : null, _has.ToString())
            : throw Faults.Permanent($"The data has other transactions ({reached}) than it should have by the log ({measured}).");
    }

    private async Task ReplayAsync(ILogReader parts, LoggedState measured, CancellationToken cancellationToken)
    {
        LogSegment? segment = null;
        try
        {
            for (var number = 0; number < parts.Count && !_isThere; number++)
            {
                await parts.ReadAsync(
                    number,
                    async (part, token) => segment = await TakeAsync(part, segment, measured, token),
                    cancellationToken);
            }

            if (segment is not null)
            {
                await PlayAsync(segment, measured, cancellationToken);
            }
        }
        finally
        {
            segment?.Dispose();
        }
    }

    /// <summary>A part with a head of its own begins another file, or goes on with the present one.</summary>
    private async Task<LogSegment> TakeAsync(
        Stream part, LogSegment? segment, LoggedState measured, CancellationToken cancellationToken)
    {
        var start = new byte[sizeof(uint)];
        var read = await part.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        using var whole = new JoinedStream(start.AsMemory(0, read), part);
        if (!LogHead.IsAtStartOf(start))
        {
            var present = segment ?? throw Faults.Permanent("The archived log begins in the middle of a transaction.");
            await present.AppendAsync(whole, cancellationToken);
            return present;
        }

        var head = await LogHead.ReadAsync(whole, cancellationToken) ?? throw Faults.Permanent("A part of the archived log is cut off.");
        if (segment is null || !segment.Head.Bytes.AsSpan().SequenceEqual(head.Bytes))
        {
            if (segment is not null)
            {
                await PlayAsync(segment, measured, cancellationToken);
                segment.Dispose();
            }

            segment = LogSegment.Begin(scratch, head);
        }

        await segment.AppendAsync(whole, cancellationToken);
        return segment;
    }

    private async Task PlayAsync(LogSegment segment, LoggedState measured, CancellationToken cancellationToken)
    {
        if (_isThere)
        {
            return;
        }

        var ranges = await ChooseAsync(segment, measured, cancellationToken);
        if (ranges.Count > 0)
        {
            await player.PlayAsync((target, token) => segment.WriteAsync(ranges, target, token), cancellationToken);
            await flavor.ForgetReplayedAsync(session, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<(long From, long To)>> ChooseAsync(
        LogSegment segment, LoggedState measured, CancellationToken cancellationToken)
    {
        var ranges = new List<(long From, long To)>();
        var scanner = segment.Scan(flavor.LogForm);
        while (!_isThere && await scanner.NextAsync(segment.Length, isWhole: false, cancellationToken) is { } piece)
        {
            if (piece.Transaction is not { } name || IsPassedOver(piece, name))
            {
                continue;
            }

            if (piece.Committed > _until)
            {
                _isThere = true;
                break;
            }

            _has.Add(name);
            measured.Add(name);
            _committed = piece.Committed;
            _isThere = IsWanted(name);
            if (ranges is [.., var last] && last.To == piece.From)
            {
                ranges[^1] = (last.From, piece.To);
            }
            else
            {
                ranges.Add((piece.From, piece.To));
            }
        }

        return ranges;
    }

    private bool IsPassedOver(LoggedPiece piece, LoggedName name)
    {
        if (!_had.Contains(name))
        {
            return false;
        }

        if (piece.Committed > _until || IsWanted(name))
        {
            throw Faults.Precondition(
                $"The backup holds more than what was asked for: the transaction {flavor.LogForm.Text(name)} "
                    + $"({Moments.Of(piece.Committed):yyyy-MM-ddTHH:mm:ss.ffffffZ}) is in it. An earlier backup is needed.");
        }

        return true;
    }

    private bool IsWanted(LoggedName name) =>
        target.Transaction is { } wanted && flavor.LogForm.Text(name).Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase);
}
