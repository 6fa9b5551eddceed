using System.Text.Json;
using Dbaas.Cloud.Ports;
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

    /// <summary>Null when there is none.</summary>
    /// <exception cref="CloudException">It is damaged. Nothing is guessed instead.</exception>
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
        catch (JsonException e)
        {
            throw new CloudException("A record of this plane is damaged.", isTransient: true, e, details: path);
        }
    }

    public static void Write<T>(string path, T record) => WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(record, Json));
}
