using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Objects;

/// <summary>One part.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In lower case hexadecimal digits.</param>
internal sealed record Part(int Size, string Sha256);

/// <summary>The parts of one run, as the object that lists them says it: a line each.</summary>
internal static class PartList
{
    public static byte[] Write(IEnumerable<Part> parts) => Encoding.ASCII.GetBytes(
        string.Concat(parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Size} {part.Sha256}\n"))));

    /// <summary>The most that a list of so many parts can have.</summary>
    public static int LongestOf(int parts) => checked(parts * ObjectNames.LongestListLine);

    /// <exception cref="DatastoreException">Permanent: it is not the list that was written.</exception>
    public static IReadOnlyList<Part> Read(ReadOnlySpan<byte> list, string sha256, int parts)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(list)) != sha256)
        {
            throw new DatastoreException(FaultKind.Permanent, "The list of the backup's objects is not the one that was written.");
        }

        var read = Encoding.ASCII.GetString(list).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Select(words => new Part(int.Parse(words[0], CultureInfo.InvariantCulture), words[1]))
            .ToList();
        return read.Count == parts
            ? read
            : throw new DatastoreException(FaultKind.Permanent, $"The backup has {read.Count} objects instead of {parts}.");
    }
}
