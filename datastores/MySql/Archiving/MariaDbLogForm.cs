using System.Buffers.Binary;
using System.Globalization;
using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>MariaDB's binary log. When a transaction was committed is in the head of its last event, in seconds.</summary>
internal sealed class MariaDbLogForm : LogForm
{
    private const int DomainAt = 8;
    private const int FlagsAt = DomainAt + 4;
    private const byte Standalone = 1;

    public override bool Begins(byte type) => type == LogEvent.MariaDbGtid;

    public override Beginning ReadBeginning(LogEvent head, ReadOnlySpan<byte> body) => new(
        new LoggedName(
            string.Create(
                CultureInfo.InvariantCulture, $"{BinaryPrimitives.ReadUInt32LittleEndian(body[DomainAt..])}-{head.Server}"),
            BinaryPrimitives.ReadInt64LittleEndian(body)),
        Committed: null,
        (body[FlagsAt] & Standalone) != 0);

    public override string Text(LoggedName name) => string.Create(CultureInfo.InvariantCulture, $"{name.Owner}-{name.Number}");

    public override LoggedState StateOf(string text) => new State(MariaDbGtidState.Parse(text));

    /// <summary>The log is strict: the numbers of a domain rise, whoever gives them, so its highest one stands for all.</summary>
    private sealed class State(MariaDbGtidState state) : LoggedState
    {
        private MariaDbGtidState _state = state;

        public override void Add(LoggedName name) => _state = _state.Merge(Of(name));

        public override bool Contains(LoggedName name) => _state.CoversDomainsOf(Of(name));

        public override bool Covers(string state) => _state.CoversDomainsOf(MariaDbGtidState.Parse(state));

        public override bool IsSameAs(string state) => _state.ToString() == MariaDbGtidState.Parse(state).ToString();

        public override string ToString() => _state.ToString();

        private static MariaDbGtidState Of(LoggedName name) => MariaDbGtidState.Parse($"{name.Owner}-{name.Number}");
    }
}
