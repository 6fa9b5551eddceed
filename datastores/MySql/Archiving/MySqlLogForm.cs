using System.Buffers.Binary;
using System.Globalization;
using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>MySQL's binary log. A transaction says itself when it was committed, to the microsecond.</summary>
internal sealed class MySqlLogForm : LogForm
{
    // Flags, the server's UUID, the number; the kind of clock and its two times; then the moment of the commit in 7 bytes, of which the
    // highest bit says that another moment follows.
    private const int UuidAt = 1;
    private const int UuidLength = 16;
    private const int NumberAt = UuidAt + UuidLength;
    private const int CommittedAt = NumberAt + 8 + 1 + 16;
    private const int CommittedLength = 7;
    private const ulong Flag = 1UL << 55;

    public override bool Begins(byte type) => type is LogEvent.MySqlGtid or LogEvent.MySqlTaggedGtid;

    public override Beginning ReadBeginning(LogEvent head, ReadOnlySpan<byte> body)
    {
        if (head.Type == LogEvent.MySqlTaggedGtid)
        {
            var (tagged, when) = TaggedGtid.Read(body);
            return new Beginning(tagged, when, EndsByItself: null);
        }

        var owner = new Guid(body.Slice(UuidAt, UuidLength), bigEndian: true).ToString();
        var number = BinaryPrimitives.ReadInt64LittleEndian(body[NumberAt..]);
        Span<byte> moment = stackalloc byte[8];
        body.Slice(CommittedAt, CommittedLength).CopyTo(moment);
        return new Beginning(
            new LoggedName(owner, number),
            (long)(BinaryPrimitives.ReadUInt64LittleEndian(moment) & ~Flag),
            EndsByItself: null);
    }

    public override string Text(LoggedName name) => string.Create(CultureInfo.InvariantCulture, $"{name.Owner}:{name.Number}");

    public override LoggedState StateOf(string text) => new State(GtidSet.Parse(text));

    private sealed class State(GtidSet set) : LoggedState
    {
        public override void Add(LoggedName name) => set.Add(name.Owner, name.Number);

        public override bool Contains(LoggedName name) => set.Contains(name.Owner, name.Number);

        public override bool Covers(string state) => set.Covers(GtidSet.Parse(state));

        public override bool IsSameAs(string state) => set.ToString() == GtidSet.Parse(state).ToString();

        public override string ToString() => set.ToString();
    }
}
