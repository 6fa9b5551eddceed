using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Files;

namespace Dbaas.GuestAgent.Files;

/// <summary>Files of the agent's own: readable by nobody else, whole or not there, on the disk when the call returns.</summary>
internal static class PrivateFile
{
    /// <summary>The end of the names of what was put aside.</summary>
    public const string Damaged = ".damaged";

    public static void EnsureFolder(string path) =>
        Directory.CreateDirectory(path, WholeFile.OwnerOnly | UnixFileMode.UserExecute);

    public static void Write(string path, ReadOnlySpan<byte> content) => WholeFile.Write(path, content);

    public static void WriteJson<T>(string path, T value, JsonTypeInfo<T> type) =>
        Write(path, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Null when there is none, or when what there is cannot be understood: that is put aside, for people.</summary>
    public static T? ReadJsonOrNone<T>(string path, JsonTypeInfo<T> type, Action<string> log)
        where T : class
    {
        try
        {
            return ReadJson(path, type);
        }
        catch (JsonException e)
        {
            // Where, never the content: it may hold a secret.
            log($"The record {path} is damaged (line {e.LineNumber}, {e.Path ?? "no field"}); it is put aside.");
            PutAside(path);
            return null;
        }
    }

    /// <summary>What is damaged counts no more, and is kept for people.</summary>
    public static void PutAside(string path)
    {
        File.Move(path, path + Damaged, overwrite: true);
        Folder.Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>Null when there is none.</summary>
    /// <exception cref="JsonException">It cannot be understood.</exception>
    public static T? ReadJson<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type)
                ?? throw new JsonException("It is empty.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
