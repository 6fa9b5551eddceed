using System.Text.Json;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Archives;

/// <summary>
/// Takes what agents say of the logs that they archive: one small unit for each part. The unanswered command is the permission, and a guest
/// is not trusted.
/// </summary>
public static class LogReports
{
    private const int LargestObject = 64 * 1024 * 1024;
    private const int HashDigits = 64;
    private const int LongestPlace = 256 * 1024;
    private const string GapEvent = "log-archive-gap";

    /// <summary>Keeps it.</summary>
    /// <returns>False: it is not wanted, does not follow on what was told before, or makes no sense.</returns>
    public static bool Accept(IUnit unit, string instanceId, LogProgress said, long now)
    {
        var row = CommandRows.Find(unit, said.CommandId);
        if (!MakesSense(said) || row is not { Answered: false, Body: { } body } || row.InstanceId != instanceId
            || GuestCommand.Parse(row.Kind, JsonElement.Parse(body)) is not ArchiveLog command || command.LogId != said.LogId)
        {
            return false;
        }

        var place = JsonSerializer.Serialize(said.Place, ProtocolJson.Options);

        // A guest's clock may be ahead, and with MariaDB a session says itself what time it is: nothing is committed later than now.
        var committed = Micros.Of(said.Committed) is { } moment ? Math.Min(moment, now * Micros.OfMilli) : (long?)null;
        if (said.Part is { } part)
        {
            return ArchivedLogChanges.TryTellPart(
                unit, said.LogId, said.Run, said.Parts, part.Size, part.Sha256, place, said.Position, committed);
        }

        var begun = ArchivedLogChanges.TryTellBeginning(
            unit, said.LogId, said.Run, place, said.Position, committed, said.Gap, now);
        if (begun && said.Gap is { } gap)
        {
            HistoryRows.Add(unit, new HistoryEntry
            {
                Id = $"{said.LogId}-gap",
                InstanceId = instanceId,
                At = now,
                Event = GapEvent,
                Outcome = "seen",
                Detail = $"What was logged before is lost to the archive, and the moments up to the next backup with it. {gap}",
            });
        }

        return begun;
    }

    private static bool MakesSense(LogProgress said) =>
        said is { Run.Length: > 0 and <= ObjectNames.LongestRun, Place.Payload.Length: <= LongestPlace, Position.Length: <= LongestPlace }
        && said.Run.All(char.IsAsciiLetterOrDigit)
        && (said.Part, said.Parts) switch
        {
            (null, 0) => true,
            ({ Size: > 0 and <= LargestObject, Sha256.Length: HashDigits } part, > 0) => part.Sha256.All(char.IsAsciiHexDigitLower),
            _ => false,
        };
}
