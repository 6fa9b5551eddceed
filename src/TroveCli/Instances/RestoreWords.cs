using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>Which data a new instance begins with: a backup's, or an instance's at a moment.</summary>
internal static class RestoreWords
{
    /// <exception cref="UsageException">They do not go together.</exception>
    public static void Check(Call call, CreateParts parts)
    {
        var (backup, instance) = (call.Get(parts.Backup), call.Get(parts.RestoreOf));
        if (backup is not null && instance is not null)
        {
            throw new UsageException("--backup and --restore-of both say where the data comes from; give one.");
        }

        if (backup is null && instance is null && (call.Get(parts.RestoreTime) ?? call.Get(parts.RestoreGtid)) is not null)
        {
            throw new UsageException("--restore-time and --restore-gtid need --restore-of or --backup.");
        }

        if (backup is null && instance is null && call.Get(parts.PrivateKey) is not null)
        {
            throw new UsageException("--private-key needs --backup or --restore-of.");
        }
    }

    /// <returns>Null: it begins empty.</returns>
    public static async Task<JsonObject?> ReadAsync(Call call, CreateParts parts)
    {
        var (backup, instance) = (call.Get(parts.Backup), call.Get(parts.RestoreOf));
        if (backup is null && instance is null)
        {
            return null;
        }

        var point = backup is not null
            ? new JsonObject { ["backupRef"] = await call.Find.BackupIdAsync(backup) }
            : new JsonObject { ["instance"] = await IdAsync(call, instance!) };
        point.SetIfGiven("time", call.Get(parts.RestoreTime));
        point.SetIfGiven("gtid", call.Get(parts.RestoreGtid));
        point.SetIfGiven("private_key", call.Get(parts.PrivateKey) is { } file ? await ReadKeyAsync(file, call.Stop) : null);
        return point;
    }

    private static async Task<string> ReadKeyAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file.FullName, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The private key cannot be read: {e.Message}");
        }
    }

    /// <summary>The instance may be gone, and then only its id is left.</summary>
    private static async Task<string> IdAsync(Call call, string idOrName) =>
        Guid.TryParseExact(idOrName, "D", out _) ? idOrName : await call.Find.InstanceIdAsync(idOrName);
}
