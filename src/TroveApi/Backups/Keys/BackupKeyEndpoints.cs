using Dbaas.Domain.Backups.Keys;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Backups.Keys;

/// <summary>
/// <c>/backup_key</c>: a public key of the project's own. What is backed up while there is one, the service cannot read.
/// </summary>
internal sealed class BackupKeyEndpoints(IDatabase database, TimeProvider time)
{
    private const int LongestKey = 255;

    public async Task<Answer> ShowAsync(ApiRequest request) =>
        Show(await database.ReadAsync(unit => ProjectKeyRows.Find(unit, request.Tenant), request.Cancelled));

    public async Task<Answer> SetAsync(ApiRequest request)
    {
        var field = (await request.BodyAsync()).Only("backup_key")["backup_key"].Only("recipient")["recipient"];
        var recipient = field.Line(LongestKey);
        if (!AgeKeys.IsRecipient(recipient))
        {
            throw field.Bad("is not a public key of age (age1…, as age-keygen prints it)");
        }

        var key = new ProjectKey
        {
            TenantId = request.Tenant, Recipient = recipient, Updated = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        await database.WriteAsync(unit => ProjectKeyRows.Put(unit, key), request.Cancelled);
        return Show(key);
    }

    public async Task<Answer> RemoveAsync(ApiRequest request)
    {
        await database.WriteAsync(unit => ProjectKeyRows.Remove(unit, request.Tenant), request.Cancelled);
        return Answer.NoContent;
    }

    private static Answer Show(ProjectKey? key) => Answer.Json(json =>
    {
        json.WriteStartObject("backup_key");
        json.WriteString("recipient", key?.Recipient);
        json.WriteString("updated", key is null ? null : Times.Format(key.Updated));
        json.WriteEndObject();
    });
}
