using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Backups as whoever has only the store finds them.</summary>
internal static class StoredBackups
{
    /// <summary>The folder with this backup's manifest.</summary>
    public static string PlaceOf(string objects, string backup) =>
        Path.GetFileName(Directory.EnumerateDirectories(objects).Single(place =>
            (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(place, "manifest.json")))!["backup_id"] == backup));
}
