using System.Text.Json;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Backups;

/// <summary>Where the objects of a backup are, or of an archived log.</summary>
/// <param name="Place">In this service's store.</param>
/// <param name="Location">Where another service stored the one object that there is; null: this service stored them.</param>
/// <param name="Objects">What that object is cut into; null where <paramref name="Location"/> is.</param>
public sealed record ObjectHome(string Place, string? Location, ObjectList? Objects)
{
    /// <summary>Null: there is no such backup or log.</summary>
    public static ObjectHome? Find(IUnit unit, string id) => BackupRows.Find(unit, id) switch
    {
        { Location: { } location, Objects: { } objects } backup =>
            new ObjectHome(backup.Place, location, JsonSerializer.Deserialize<ObjectList>(objects, ProtocolJson.Options)),
        { } backup => new ObjectHome(backup.Place, null, null),
        null => ArchivedLogRows.Find(unit, id) is { } log ? new ObjectHome(log.Place, null, null) : null,
    };
}
