using System.Text.Json;
using Dbaas.Files;

namespace Dbaas.Cloud.Local.Host;

/// <summary>A small record on disk: whole or not there, readable by its owner only.</summary>
internal static class RecordFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static void Write<T>(string path, T record) => WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(record, Json));
}
