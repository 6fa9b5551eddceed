using System.Text.Json;
using Dbaas.Domain.Backups;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Backups;

/// <summary>What is said of a backup's verification.</summary>
internal static class VerificationView
{
    /// <summary>With the tables, as far as they were kept.</summary>
    public static Answer One(Backup backup, string? details) => Answer.Json(json =>
    {
        json.WriteStartObject("verification");
        json.WriteString("backup_id", backup.Id);
        Write(json, backup);
        json.WritePropertyName("tables");
        json.WriteRawValue(details ?? "[]");
        json.WriteEndObject();
    });

    /// <summary>As a part of what is shown of the backup itself.</summary>
    public static void Write(Utf8JsonWriter json, Backup backup)
    {
        json.WriteString("verified", (backup.VerifiedAt, backup.VerifiedFault) switch
        {
            (null, _) => null,
            (_, null) => "ok",
            _ => "failed",
        });
        json.WriteString("verified_at", backup.VerifiedAt is { } at ? Times.Format(at) : null);
        json.WriteString("verification", backup.Verification switch
        {
            // What is not complete waits for that, and may never be.
            VerificationState.Waiting when backup.State == BackupState.Completed => "waiting",
            VerificationState.Running => "running",
            _ => null,
        });
        if (backup.VerifiedFault is { } fault)
        {
            json.WriteString("verified_fault", fault);
        }

        if (backup.VerifyFault is { } why)
        {
            json.WriteString("verification_fault", why);
        }

        if (backup.VerifiedTables is { } tables)
        {
            json.WriteNumber("verified_tables", tables);
            json.WriteNumber("verified_rows", backup.VerifiedRows ?? 0);
            json.WriteString("verified_checksum", backup.VerifiedChecksum);
        }
    }
}
