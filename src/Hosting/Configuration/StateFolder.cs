using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Files;

namespace Dbaas.Hosting.Configuration;

/// <summary>What the service keeps on disk besides its database: chosen ports, how to log in.</summary>
public sealed class StateFolder
{
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

    /// <summary>The guests' authority, as it was kept before it came into the control database.</summary>
    public string FormerAuthority => In("ca.pem");

    /// <summary>Tokens of the built-in identity that were given back.</summary>
    public string Revocations => In("revoked-tokens");

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

    /// <summary>The settings that the service had last, as far as they were in a file.</summary>
    public ServiceSettings LastSettings() => SettingsReader.Read(File.Exists(Configuration) ? Configuration : null) with { Home = Path };

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

    private string KeepOnce(string name, Func<string> make)
    {
        var path = In(name);
        if (!File.Exists(path))
        {
            // Of several nodes on one machine the first is right.
            WholeFile.WriteFirst(path, Encoding.UTF8.GetBytes(make()));
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
