using System.Text.Json;
using Dbaas.Domain.Backups;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Backups;

/// <summary>A backup in Trove's JSON.</summary>
internal static class BackupView
{
    private const double Gigabyte = 1024 * 1024 * 1024;

    public static Answer One(BackupFacts facts, int status = 200) => Answer.Json(
        json =>
        {
            json.WritePropertyName("backup");
            Write(json, facts);
        },
        status);

    public static Answer Many(ApiRequest request, IReadOnlyList<BackupFacts> page, string? next) => Answer.Json(json =>
    {
        json.WriteStartArray("backups");
        foreach (var facts in page)
        {
            Write(json, facts);
        }

        json.WriteEndArray();
        Page.WriteNext(json, request, next);
    });

    private static void Write(Utf8JsonWriter json, BackupFacts facts)
    {
        var backup = facts.Backup;
        json.WriteStartObject();
        json.WriteString("id", backup.Id);
        json.WriteString("name", backup.Name);
        json.WriteString("description", backup.Description);

        // Where our objects are is nobody's business: who has a place and no key has nothing.
        json.WriteString("locationRef", backup.Location);
        json.WriteString("instance_id", backup.InstanceId.Length > 0 ? backup.InstanceId : null);
        json.WriteString("created", Times.Format(backup.Created));
        json.WriteString("updated", Times.Format(backup.Updated));
        if (backup.DatasetBytes is { } bytes)
        {
            json.WriteNumber("size", Math.Round(bytes / Gigabyte, 2));
        }
        else
        {
            json.WriteNull("size");
        }

        json.WriteString("status", Word(backup.State));
        json.WriteString("parent_id", backup.ParentId);
        json.WriteString("project_id", backup.TenantId);
        json.WriteStartObject("datastore");
        json.WriteString("type", facts.Version?.DatastoreName);
        json.WriteString("version", facts.Version?.Name);
        json.WriteString("version_id", backup.DatastoreVersionId);
        json.WriteEndObject();
        WriteMore(json, facts);
        json.WriteEndObject();
    }

    private static void WriteMore(Utf8JsonWriter json, BackupFacts facts)
    {
        if (facts.Backup.StoredBytes is { } stored)
        {
            json.WriteNumber("stored_bytes", stored);
        }

        if (facts.Backup.TakenOn is { } slave)
        {
            json.WriteString("taken_on", slave);
        }

        if (facts.Backup.OwnKey)
        {
            json.WriteString("encrypted_for", facts.Backup.Recipients);
        }

        if (facts.Backup.ScheduleId is { } schedule)
        {
            json.WriteString("schedule_id", schedule);
            json.WriteString("schedule_name", facts.Schedule?.Name);
        }

        VerificationView.Write(json, facts.Backup);
        if (facts.Backup.FaultMessage is { } fault)
        {
            json.WriteString("fault", fault);
        }

        OperationProgress.Write(json, facts.Progress);
    }

    private static string Word(BackupState state) => state switch
    {
        BackupState.DeleteFailed => "DELETE_FAILED",
        _ => state.ToString().ToUpperInvariant(),
    };
}
