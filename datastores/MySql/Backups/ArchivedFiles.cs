using System.Text;
using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// Which files a stream of <c>tar</c> is about. Each block that looks like a head is taken for one: what only looks like one names no file
/// that is there.
/// </summary>
internal sealed class ArchivedFiles : IStreamedFiles
{
    private const int BlockLength = 512;
    private const int NameLength = 100;
    private const int MagicAt = 257;

    private readonly byte[] _block = new byte[BlockLength];
    private HashSet<string> _names = [];
    private string? _current;
    private int _known;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var taken = Math.Min(BlockLength - _known, bytes.Length);
            bytes[..taken].CopyTo(_block.AsSpan(_known));
            _known += taken;
            bytes = bytes[taken..];
            if (_known == BlockLength)
            {
                Understand();
                _known = 0;
            }
        }
    }

    public IReadOnlySet<string> Take()
    {
        var names = _names;
        _names = _current is { } current ? [current] : [];
        return names;
    }

    private void Understand()
    {
        if (_block.AsSpan(MagicAt).StartsWith("ustar"u8))
        {
            var name = _block.AsSpan(0, NameLength);
            var end = name.IndexOf((byte)0);
            _current = Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
            _names.Add(_current);
        }
    }
}
