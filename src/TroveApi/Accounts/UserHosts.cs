using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Dbaas.TroveApi.Accounts;

/// <summary>
/// Where from a user may come. Servers resolve no names, so of what an engine takes some can never match: that is said before it is made.
/// </summary>
internal static partial class UserHosts
{
    private const int AddressBits = 32;

    /// <summary>Why nobody could log in as a user of this host; null: somebody can.</summary>
    /// <param name="host">In lower case.</param>
    /// <param name="takesPrefixes">The engine knows <c>10.1.0.0/16</c>.</param>
    public static string? Problem(string host, bool takesPrefixes)
    {
        if (host.Split('/') is [var network, var mask])
        {
            return OfNetwork(network, mask, takesPrefixes);
        }

        return Pattern().IsMatch(host) && (host.Contains(':') || !host.Any(char.IsAsciiLetter))
            ? null
            : "names are not resolved: an address, a pattern such as 10.1.% or a network such as 10.1.0.0/255.255.0.0 is needed";
    }

    private static string? OfNetwork(string network, string mask, bool takesPrefixes)
    {
        if (!IsAddress(network))
        {
            return "what comes before '/' is no IPv4 address";
        }

        uint bits;
        if (int.TryParse(mask, out var length) && length is >= 0 and <= AddressBits)
        {
            if (!takesPrefixes)
            {
                return "this datastore takes a mask behind '/', such as 255.255.0.0, and no number of bits";
            }

            bits = length == 0 ? 0 : uint.MaxValue << (AddressBits - length);
        }
        else if (IsAddress(mask))
        {
            bits = Number(mask);
        }
        else
        {
            return "what comes behind '/' is no mask";
        }

        return (~bits & (~bits + 1)) != 0 ? "what comes behind '/' is no mask"
            : (Number(network) & ~bits) != 0 ? "the address has bits that the mask takes away, so it matches nobody"
            : null;
    }

    private static bool IsAddress(string text) => text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out var address)
        && address.AddressFamily is AddressFamily.InterNetwork && address.ToString() == text;

    private static uint Number(string address) =>
        BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(address).GetAddressBytes());

    [GeneratedRegex(@"^[0-9a-f.:%_]+\z")]
    private static partial Regex Pattern();
}
