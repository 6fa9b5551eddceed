using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>
/// How MySQL writes a GTID that has a tag: fields with their numbers in front, each number in as many bytes as its first byte has ones at
/// its lower end, and one more.
/// </summary>
internal ref struct TaggedGtid
{
    private const int UuidLength = 16;
    private const int LongestTag = 64;

    private ReadOnlySpan<byte> _left;

    private TaggedGtid(ReadOnlySpan<byte> body) => _left = body;

    /// <exception cref="DatastoreException">Unsupported: it is of another form.</exception>
    public static (LoggedName Name, long Committed) Read(ReadOnlySpan<byte> body)
    {
        var reader = new TaggedGtid(body);

        // The form's version, the size, and the last field that must be known.
        (_, _, _) = (reader.Number(), reader.Number(), reader.Number());
        reader.Field(0);
        _ = reader.Number();
        reader.Field(1);
        Span<byte> uuid = stackalloc byte[UuidLength];
        for (var i = 0; i < UuidLength; i++)
        {
            uuid[i] = (byte)reader.Number();
        }

        reader.Field(2);
        var number = reader.Signed();
        reader.Field(3);
        var tag = reader.Text();
        reader.Field(4);
        _ = reader.Signed();
        reader.Field(5);
        _ = reader.Signed();
        reader.Field(6);
        return (new LoggedName($"{new Guid(uuid, bigEndian: true)}:{tag}", number), (long)reader.Number());
    }

    private static DatastoreException Other() =>
        Faults.Unsupported("A transaction in the binary log has a GTID in a form that is not known here.");

    private void Field(ulong wanted)
    {
        if (Number() != wanted)
        {
            throw Other();
        }
    }

    private string Text()
    {
        var length = Number();
        if (length > LongestTag || length > (ulong)_left.Length)
        {
            throw Other();
        }

        var text = Encoding.ASCII.GetString(_left[..(int)length]);
        _left = _left[(int)length..];
        return text;
    }

    private long Signed()
    {
        var number = Number();
        return (number & 1) == 0 ? (long)(number >> 1) : ~(long)(number >> 1);
    }

    private ulong Number()
    {
        var length = _left.Length > 0 ? BitOperations.TrailingZeroCount(~(uint)_left[0]) + 1 : int.MaxValue;
        if (length > _left.Length)
        {
            throw Other();
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        var isLongest = length > sizeof(ulong);
        (isLongest ? _left[1..length] : _left[..length]).CopyTo(bytes);
        _left = _left[length..];
        var number = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return isLongest ? number : number >> length;
    }
}
