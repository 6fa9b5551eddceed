using System.Text.Json;
using Dbaas.Domain.Backups;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Backups;

/// <summary>A backup and those that it follows on, as a guest is told them.</summary>
/// <param name="Links">In order, the complete one first.</param>
/// <param name="Identity">What opens them.</param>
internal sealed record StoredChain(IReadOnlyList<BackupLink> Links, string Identity)
{
    /// <param name="unit">The unit.</param>
    /// <param name="backupId">The last of them.</param>
    /// <param name="privateKey">What opens them where they are sealed for the project's own key; null: it was not given.</param>
    public static StoredChain Read(IUnit unit, string backupId, string? privateKey)
    {
        var chain = BackupRows.Chain(unit, backupId);
        return new StoredChain(
            [
                .. chain.Select(backup => new BackupLink(
                    backup.Id, DocumentOf(backup), JsonSerializer.Deserialize<ObjectList>(backup.Objects!, ProtocolJson.Options)!)),
            ],
            (chain[^1].OwnKey ? privateKey : BackupRows.Identity(unit, backupId)) ?? "");
    }

    /// <summary>The datastore's description of a complete backup.</summary>
    public static OpaqueDocument DocumentOf(Backup backup) =>
        JsonSerializer.Deserialize<OpaqueDocument>(backup.Document!, ProtocolJson.Options)!;

    /// <summary>Never the key.</summary>
    public override string ToString() => $"{Links.Count} backups";
}
