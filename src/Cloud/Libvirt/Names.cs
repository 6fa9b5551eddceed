using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Libvirt;

/// <summary>
/// Every name and id that the plane gives to something in libvirt: made of the deployment and our key, so the same each time.
/// </summary>
internal sealed class Names
{
    private const int LongestKey = 64;

    /// <summary>A virtual disk's serial holds no more.</summary>
    private const int SerialLength = 20;

    private readonly string _deployment;
    private readonly string _prefix;

    public Names(string deployment)
    {
        _deployment = deployment;
        Hash = Digest("deployment")[..8];
        _prefix = $"dbaas-{Hash}-";
    }

    public string Hash { get; }

    /// <summary>Of our own network.</summary>
    public string Network => "dbaas-" + Hash;

    /// <summary>At most 15 characters, as all names of links.</summary>
    public string Bridge => "dbv" + Hash;

    /// <summary>Of a domain, a filter, a port.</summary>
    public string Of(string key) => _prefix + Checked(key);

    public string DataDisk(string key) => Of(key) + ".data";

    public string RootDisk(string key, int build) => string.Create(CultureInfo.InvariantCulture, $"{Of(key)}.root-{build}");

    public string ConfigDrive(string key, int build) => string.Create(CultureInfo.InvariantCulture, $"{Of(key)}.config-{build}");

    public string Console(string key) => Of(key) + ".console";

    /// <summary>The key in a name that ends like this; null: it is none of ours.</summary>
    public string? KeyIn(string name, string suffix = "") =>
        name.StartsWith(_prefix, StringComparison.Ordinal)
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && name.Length > _prefix.Length + suffix.Length
            ? name[_prefix.Length..^suffix.Length]
            : null;

    /// <summary>The id by which a guest finds the volume.</summary>
    public string Serial(string volumeKey) => Digest("volume " + volumeKey)[..SerialLength];

    /// <summary>A locally administered address, as QEMU's are.</summary>
    public string MacAddress(string portKey)
    {
        var digest = Digest("port " + portKey);
        return $"52:54:00:{digest[..2]}:{digest[2..4]}:{digest[4..6]}";
    }

    /// <summary>So that to define something again changes it, and makes no second one.</summary>
    public string Uuid(string kind, string key) => new Guid(Convert.FromHexString(Digest($"{kind} {key}")[..32])).ToString();

    private string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_deployment}\n{text}")));

    private static string Checked(string key) =>
        key.Length is > 0 and <= LongestKey && key[0] != '.' && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? key
            : throw new CloudException("A key holds 1 to 64 letters, digits, '-' or '_'.", isTransient: false);
}
