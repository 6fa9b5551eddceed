using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Backups;

/// <summary>
/// In Trove a strategy names the container of a project's or an instance's backups. Here they all lie where the operator says, in places
/// whose names are nobody's business: there is nothing to choose.
/// </summary>
internal static class BackupStrategies
{
    public static Task<Answer> ListAsync(ApiRequest request) => Task.FromResult(Answer.Json(json =>
    {
        json.WriteStartArray("backup_strategies");
        json.WriteEndArray();
    }));

    public static Task<Answer> CreateAsync(ApiRequest request) => throw FaultException.Unprocessable(
        "Where backups lie is the same for all, and is chosen by the operator of this service: a backup strategy has nothing to say here.");
}
