using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Files;

namespace Dbaas.Hosting.Configuration;

/// <summary>What the service keeps on disk besides its database: keys, chosen ports, how to log in.</summary>
public sealed class StateFolder
{
    private const int KeySize = 32;
    private const string MasterKey = "master.key";

    public StateFolder(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, WholeFile.OwnerOnly | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public string Database => In("control.sqlite");

    /// <summary>The objects of backups.</summary>
    public string Objects => In("objects");

    public string CertificateAuthority => In("ca.pem");

    /// <summary>Tokens of the built-in identity that were given back.</summary>
    public string Revocations => In("revoked-tokens.json");

    public string Openrc => In("openrc");

    public string AdminOpenrc => In("admin-openrc");

    /// <summary>The configuration that the service had last; there is none when it had its defaults.</summary>
    public string Configuration => In("configuration.json");

    /// <summary>For <c>./dbaas up</c> and <c>status</c>: why servers are not kept apart on this machine; no file: they are.</summary>
    public string NotIsolated => In("not-isolated");

    /// <param name="because">Null: they are kept apart.</param>
    public void KeepNotIsolated(string? because)
    {
        if (because is null)
        {
            File.Delete(NotIsolated);
        }
        else
        {
            Write(NotIsolated, because + "\n");
        }
    }

    /// <summary>Keeps a copy: whoever removes everything has to know where it is.</summary>
    public void KeepConfiguration(string? file)
    {
        if (file is null)
        {
            File.Delete(Configuration);
        }
        else
        {
            Write(Configuration, File.ReadAllText(file));
        }
    }

    /// <summary>The key of a purpose, from the one that is kept.</summary>
    public byte[] Key(string purpose) => Keys(purpose)[0];

    /// <summary>The same, and behind it those from former keys, which are still there.</summary>
    /// <exception cref="InvalidDataException">The file holds something else, or nothing.</exception>
    public IReadOnlyList<byte[]> Keys(string purpose)
    {
        var lines = KeepOnce(MasterKey, NewKey).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 0
            ?
            [
                .. lines.Select(line => HKDF.DeriveKey(
                    HashAlgorithmName.SHA256, KeyIn(line), KeySize, info: Encoding.UTF8.GetBytes(purpose))),
            ]
            : throw new InvalidDataException($"{In(MasterKey)} is empty: without its keys nothing that was encrypted can be read.");
    }

    /// <summary>Puts a new key before those that are there. A service takes it at its next start.</summary>
    public void AddKey() => Write(In(MasterKey), $"{NewKey()}\n{KeepOnce(MasterKey, NewKey).TrimEnd()}\n");

    /// <summary>A password that was made at the first start.</summary>
    public string Password(string user) => KeepOnce($"{user}.password", () => RandomNumberGenerator.GetHexString(24, lowercase: true));

    /// <summary>The gateway's port: agents know it, so it stays the same.</summary>
    /// <param name="address">Where it has to be free when it is chosen.</param>
    /// <param name="node">Whose gateway; null: there is one only.</param>
    public int GatewayPort(IPAddress address, string? node) => int.Parse(
        KeepOnce(
            node is null ? "gateway.port" : $"{node}.gateway-port",
            () => FreePort(address).ToString(CultureInfo.InvariantCulture)),
        CultureInfo.InvariantCulture);

    /// <summary>Writes a file that only its owner can read, as a whole or not at all.</summary>
    public static void Write(string path, string content) => WholeFile.Write(path, Encoding.UTF8.GetBytes(content));

    /// <summary>What is in the line is not said: it may be most of a key.</summary>
    private byte[] KeyIn(string line)
    {
        var key = new byte[KeySize];
        return Convert.TryFromBase64String(line, key, out var size) && size == KeySize
            ? key
            : throw new InvalidDataException($"{In(MasterKey)} has a line that is no key: {KeySize} bytes in base64.");
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeySize));

    private string KeepOnce(string name, Func<string> make)
    {
        var path = In(name);
        if (!File.Exists(path))
        {
            Write(path, make());
        }

        return File.ReadAllText(path);
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
