using System.Buffers.Binary;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>What each event of a binary log begins with, in both engines.</summary>
/// <param name="Seconds">When, by the server's clock, in Unix time.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Server">The server that logged it first.</param>
/// <param name="Length">With this head, and the checksum.</param>
/// <param name="Next">Where the next one is in the file that it was written to, modulo 2³².</param>
internal readonly record struct LogEvent(uint Seconds, byte Type, uint Server, long Length, uint Next)
{
    public const int HeadLength = 19;

    public const byte Query = 2;
    public const byte Stop = 3;
    public const byte Rotate = 4;
    public const byte Description = 15;
    public const byte Xid = 16;
    public const byte Heartbeat = 27;
    public const byte MySqlGtid = 33;
    public const byte PreviousGtids = 35;
    public const byte XaPrepare = 38;
    public const byte Payload = 40;
    public const byte MySqlTaggedGtid = 42;
    public const byte Checkpoint = 161;
    public const byte MariaDbGtid = 162;
    public const byte GtidList = 163;
    public const byte CompressedQuery = 165;

    /// <summary>It belongs to no transaction.</summary>
    public bool StandsAlone =>
        Type is Description or Rotate or Stop or Heartbeat or PreviousGtids or Checkpoint or GtidList;

    public static LogEvent Read(ReadOnlySpan<byte> head) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(head),
        head[4],
        BinaryPrimitives.ReadUInt32LittleEndian(head[5..]),
        BinaryPrimitives.ReadUInt32LittleEndian(head[9..]),
        BinaryPrimitives.ReadUInt32LittleEndian(head[13..]));
}
