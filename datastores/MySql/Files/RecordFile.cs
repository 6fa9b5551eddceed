using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Files;

/// <summary>
/// A record in the agent's folder, readable by the agent alone: it may hold secrets. After a crash there is the old one or the new one.
/// Nobody else writes it, so it is read once.
/// </summary>
internal sealed class RecordFile<T>(string path, JsonTypeInfo<T> json)
    where T : class
{
    private readonly Lock _gate = new();
    private T? _known;

    /// <summary>The record; null when it was never written.</summary>
    public T? Read()
    {
        lock (_gate)
        {
            try
            {
                return _known ??= JsonSerializer.Deserialize(File.ReadAllBytes(path), json);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (JsonException e)
            {
                // Without the parser's message: it may repeat part of the content.
                throw new DatastoreException(
                    FaultKind.Permanent,
                    $"The record {Path.GetFileName(path)} of this instance is damaged; nothing is done until it is restored.",
                    e);
            }
        }
    }

    /// <summary>As if it had never been written. Should the machine end now, it may come back.</summary>
    public void Remove()
    {
        lock (_gate)
        {
            _known = null;
            CutPoint.Pass($"before removing {path}");
            File.Delete(path);
        }
    }

    /// <summary>Replaces the record.</summary>
    public void Write(T value)
    {
        lock (_gate)
        {
            // Should this fail, nobody knows which one is on the disk.
            _known = null;
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, json), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _known = value;
        }
    }
}
