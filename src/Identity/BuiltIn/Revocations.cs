using System.Text.Json;
using Dbaas.Files;

namespace Dbaas.Identity.BuiltIn;

/// <summary>Tokens that were given back before their end: kept in a file, so that they stay so when the service starts again.</summary>
internal sealed class Revocations
{
    private readonly Lock gate = new();
    private readonly string? path;
    private Dictionary<string, long> ends;

    /// <exception cref="JsonException">The file is damaged: who was logged out cannot be said.</exception>
    public Revocations(BuiltInIdentityOptions options)
    {
        path = options.RevocationsPath;
        ends = path is not null && File.Exists(path)
            ? JsonSerializer.Deserialize(File.ReadAllBytes(path), TokenJson.Default.DictionaryStringInt64)!
            : [];
    }

    public bool Has(string id)
    {
        lock (gate)
        {
            return ends.ContainsKey(id);
        }
    }

    /// <summary>When this returns it is on the disk.</summary>
    public void Add(string id, long expires, long now)
    {
        lock (gate)
        {
            var next = ends.Where(pair => pair.Value > now).ToDictionary();
            next[id] = expires;
            if (path is not null)
            {
                WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(next, TokenJson.Default.DictionaryStringInt64));
            }

            ends = next;
        }
    }
}
