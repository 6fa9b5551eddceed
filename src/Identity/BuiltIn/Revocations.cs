using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dbaas.Files;

namespace Dbaas.Identity.BuiltIn;

/// <summary>
/// Tokens that were given back before their end: a file for each in one folder, so that they stay so when the service starts again, and are
/// so for every process that has the folder.
/// </summary>
internal sealed class Revocations
{
    private readonly ConcurrentDictionary<string, long> here = new();
    private readonly string? folder;

    /// <exception cref="JsonException">The file of an earlier version is damaged: who was logged out cannot be said.</exception>
    public Revocations(BuiltInIdentityOptions options)
    {
        folder = options.RevocationsPath;
        if (folder is not null)
        {
            Directory.CreateDirectory(folder, WholeFile.OwnerOnly | UnixFileMode.UserExecute);
            TakeOver(folder + ".json");
        }
    }

    public bool Has(string id) => folder is null ? here.ContainsKey(id) : File.Exists(FileOf(id));

    /// <summary>When this returns it is on the disk.</summary>
    public void Add(string id, long expires, long now)
    {
        if (folder is null)
        {
            here[id] = expires;
            return;
        }

        foreach (var over in Directory.EnumerateFiles(folder).Where(file => IsOver(file, now)))
        {
            File.Delete(over);
        }

        Write(id, expires);
    }

    // An earlier version had them all in one.
    private void TakeOver(string file)
    {
        if (File.Exists(file))
        {
            foreach (var (id, expires) in JsonSerializer.Deserialize(
                File.ReadAllBytes(file), TokenJson.Default.DictionaryStringInt64)!)
            {
                Write(id, expires);
            }

            File.Delete(file);
        }
    }

    private void Write(string id, long expires) =>
        WholeFile.Write(FileOf(id), Encoding.ASCII.GetBytes(expires.ToString(CultureInfo.InvariantCulture)));

    private string FileOf(string id) => Path.Combine(folder!, id);

    private static bool IsOver(string file, long now)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var expires) && expires <= now;
        }
        catch (FileNotFoundException)
        {
            // Another process was quicker.
            return false;
        }
    }
}
