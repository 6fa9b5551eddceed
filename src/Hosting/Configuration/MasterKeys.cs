using System.Security.Cryptography;
using System.Text;
using Dbaas.Files;

namespace Dbaas.Hosting.Configuration;

/// <summary>
/// The keys that all nodes have: from the first come those that encrypt, from the others, former ones, those that can still be read with.
/// </summary>
public sealed class MasterKeys
{
    private const int KeySize = 32;
    private readonly IReadOnlyList<byte[]> keys;

    private MasterKeys(IReadOnlyList<byte[]> keys) => this.keys = keys;

    /// <summary>Reads them from where the settings say: a file, or they themselves.</summary>
    /// <exception cref="InvalidDataException">There are none, or what is there is none.</exception>
    public static MasterKeys Read(ServiceSettings settings)
    {
        if (settings.MasterKey.Length > 0)
        {
            return settings.MasterKeyFile is null
                ? new MasterKeys(Parse(settings.MasterKey, "MasterKey in the configuration", "part"))
                : throw new InvalidDataException("Of MasterKey and MasterKeyFile in the configuration there can be one.");
        }

        var file = FileOf(settings);
        return File.Exists(file)
            ? new MasterKeys(Parse(File.ReadAllText(file), file, "line"))
            : throw new InvalidDataException(
                $"There is no master key: {file} does not exist. It has 32 random bytes in base64, the same on every node.");
    }

    /// <summary>Where the file is, if they are in one.</summary>
    public static string FileOf(ServiceSettings settings) => settings.MasterKeyFile ?? Path.Combine(settings.Home, "master.key");

    /// <summary>Makes the file, unless it is there or the keys are elsewhere.</summary>
    public static void Ensure(ServiceSettings settings)
    {
        if (settings is { MasterKey.Length: 0, MasterKeyFile: null } && !File.Exists(FileOf(settings)))
        {
            StateFolder.Write(FileOf(settings), NewKey());
        }
    }

    /// <summary>Puts a new key before those that are in a file. A service takes it at its next start.</summary>
    public static void AddNew(string file) => StateFolder.Write(file, $"{NewKey()}\n{File.ReadAllText(file).TrimEnd()}\n");

    /// <summary>The key of a purpose.</summary>
    public byte[] For(string purpose) => All(purpose)[0];

    /// <summary>The same, and behind it those from former keys.</summary>
    public IReadOnlyList<byte[]> All(string purpose) =>
        [.. keys.Select(key => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeySize, info: Encoding.UTF8.GetBytes(purpose)))];

    private static byte[][] Parse(string text, string source, string part)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0
            ? [.. words.Select(word => KeyIn(word, source, part))]
            : throw new InvalidDataException($"{source} is empty: without its keys nothing that was encrypted can be read.");
    }

    /// <summary>What is written is not said: it may be most of a key.</summary>
    private static byte[] KeyIn(string word, string source, string part)
    {
        var key = new byte[KeySize];
        return Convert.TryFromBase64String(word, key, out var size) && size == KeySize
            ? key
            : throw new InvalidDataException($"{source} has a {part} that is no key: {KeySize} bytes in base64.");
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeySize));
}
