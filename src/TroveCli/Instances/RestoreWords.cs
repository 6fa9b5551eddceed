using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>Which data a new instance begins with: a backup's, or an instance's at a moment.</summary>
internal static class RestoreWords
{
    public static async Task<JsonObject?> ReadAsync(Call call, CreateParts parts)
    {
        var (backup, instance) = (call.Get(parts.Backup), call.Get(parts.RestoreOf));
        var (time, transaction) = (call.Get(parts.RestoreTime), call.Get(parts.RestoreGtid));
        if (backup is not null && instance is not null)
        {
            throw new UsageException("--backup and --restore-of both say where the data comes from; give one.");
        }

        if (backup is null && instance is null)
        {
            return time is null && transaction is null
                ? null
                : throw new UsageException("--restore-time and --restore-gtid need --restore-of or --backup.");
        }

        var point = backup is not null
            ? new JsonObject { ["backupRef"] = await call.Find.BackupIdAsync(backup) }
            : new JsonObject { ["instance"] = await IdAsync(call, instance!) };
        point.SetIfGiven("time", time);
        point.SetIfGiven("gtid", transaction);
        return point;
    }

    /// <summary>The instance may be gone, and then only its id is left.</summary>
    private static async Task<string> IdAsync(Call call, string idOrName) =>
        Guid.TryParseExact(idOrName, "D", out _) ? idOrName : await call.Find.InstanceIdAsync(idOrName);
}
