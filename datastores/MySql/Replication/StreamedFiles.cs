using System.Buffers.Binary;
using System.Text;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// Which files a stream of the backup tool is about (<c>mbstream</c>), while it passes by. Of one that it cannot read it knows no more: the
/// tool at its end will refuse that itself.
/// </summary>
internal sealed class StreamedFiles : IStreamedFiles
{
    /// <summary>Eight letters, flags, the kind of piece, the length of the file's name.</summary>
    private const int HeadLength = 14;
    private const int KindAt = 9;
    private const int NameLengthAt = 10;

    /// <summary>After the name: how long the piece is, its place in the file, and a checksum.</summary>
    private const int PieceHeadLength = 20;
    private const int LongestName = 512;
    private const byte Piece = (byte)'P';
    private const byte End = (byte)'E';

    private readonly byte[] _head = new byte[HeadLength + LongestName + PieceHeadLength];
    private HashSet<string> _names = [];
    private int _known;
    private ulong _skip;
    private bool _isLost;

    private static ReadOnlySpan<byte> Magic => "XBSTCK01"u8;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && !_isLost)
        {
            var taken = _skip > 0 ? (int)Math.Min(_skip, (ulong)bytes.Length) : Math.Min(Needed - _known, bytes.Length);
            if (_skip > 0)
            {
                _skip -= (ulong)taken;
            }
            else
            {
                bytes[..taken].CopyTo(_head.AsSpan(_known));
                _known += taken;
                Understand();
            }

            bytes = bytes[taken..];
        }
    }

    public IReadOnlySet<string> Take()
    {
        var names = _names;
        _names = [];
        return names;
    }

    private int NameLength => (int)BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(NameLengthAt));

    private int Needed => _known < HeadLength ? HeadLength : HeadLength + NameLength + (_head[KindAt] == End ? 0 : PieceHeadLength);

    private void Understand()
    {
        if (_known == HeadLength)
        {
            _isLost = !_head.AsSpan().StartsWith(Magic) || _head[KindAt] is not (Piece or End) || NameLength is < 0 or > LongestName;
        }

        if (_isLost || _known < Needed)
        {
            return;
        }

        if (_head[KindAt] == Piece)
        {
            _names.Add(Encoding.UTF8.GetString(_head.AsSpan(HeadLength, NameLength)));
            _skip = BinaryPrimitives.ReadUInt64LittleEndian(_head.AsSpan(HeadLength + NameLength));
        }

        _known = 0;
    }
}
