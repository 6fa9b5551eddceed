using System.Globalization;
using System.Net;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Hosts;

/// <summary>A /24, named by its first three numbers.</summary>
internal readonly record struct Subnet(byte A, byte B, byte C)
{
    public const int PrefixLength = 24;
    private const byte LastServer = 254;

    /// <summary>The host's own address in it.</summary>
    public IPAddress Host => At(1);

    /// <summary>Every address that a server may have.</summary>
    public IEnumerable<IPAddress> Servers
    {
        get
        {
            var self = this;
            return Enumerable.Range(2, LastServer - 1).Select(last => self.At((byte)last));
        }
    }

    /// <summary>Reads <c>10.88.0.0/24</c>.</summary>
    public static Subnet Parse(string text) =>
        IPNetwork.TryParse(text, out var network)
            && network.PrefixLength == PrefixLength
            && network.BaseAddress.GetAddressBytes() is [var a, var b, var c, 0]
            && network.ToString() == text
            ? new Subnet(a, b, c)
            : throw new CloudException($"'{text}' is not a subnet like 10.99.5.0/24.", isTransient: false);

    public IPNetwork ToNetwork() => new(At(0), PrefixLength);

    public bool Overlaps(IPNetwork other)
    {
        var own = ToNetwork();
        return own.Contains(other.BaseAddress) || other.Contains(own.BaseAddress);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{A}.{B}.{C}.0/{PrefixLength}");

    private IPAddress At(byte last) => new([A, B, C, last]);
}
