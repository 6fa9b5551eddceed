using System.Buffers.Binary;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>
/// What a file of a binary log begins with: four bytes by which it is known, and the description of all that follows, without which nothing
/// of the file can be read.
/// </summary>
/// <param name="Bytes">Both, as in a file that was closed.</param>
internal sealed record LogHead(byte[] Bytes)
{
    private const int MagicLength = 4;
    private const int FlagsAt = MagicLength + 17;
    private const byte InUse = 1;
    private const int ChecksumLength = 4;

    // More than any engine writes.
    private const int Longest = 64 * 1024;

    private static ReadOnlySpan<byte> Magic => [0xfe, (byte)'b', (byte)'i', (byte)'n'];

    public int Length => Bytes.Length;

    /// <summary>When the file was begun, by the server's clock, in Unix seconds: tells files of the same name apart.</summary>
    public uint Made => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(MagicLength));

    /// <summary>How many bytes of each event are its checksum.</summary>
    public int ChecksumBytes => Bytes[^(ChecksumLength + 1)] == 0 ? 0 : ChecksumLength;

    /// <summary>Such a file begins here.</summary>
    public static bool IsAtStartOf(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Reads it from the present place of a stream, which is then behind it.</summary>
    /// <returns>Null: it is not there whole.</returns>
    /// <exception cref="Contract.DatastoreException">Permanent: it is something else.</exception>
    public static async Task<LogHead?> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        var start = new byte[MagicLength + LogEvent.HeadLength];
        if (await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken) < start.Length)
        {
            return null;
        }

        var description = LogEvent.Read(start.AsSpan(MagicLength));
        if (!IsAtStartOf(start) || description is not { Type: LogEvent.Description, Length: > LogEvent.HeadLength + 8 and < Longest })
        {
            throw Faults.Permanent("A file of the binary log does not begin as one.");
        }

        var bytes = new byte[MagicLength + description.Length];
        start.CopyTo(bytes, 0);
        var rest = bytes.AsMemory(start.Length);
        if (await file.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, cancellationToken) < rest.Length)
        {
            return null;
        }

        // While it is written the server says so here. The checksum is made without that.
        bytes[FlagsAt] &= unchecked((byte)~InUse);
        return new LogHead(bytes);
    }
}
