using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// The records in the agent's folder. The first two are written before there is data: data without them is a fault, and never taken for a
/// server
/// that is new, writable and without a log.
/// </summary>
internal sealed class MemberStore(ServerLayout layout)
{
    private readonly Lock _changing = new();
    private readonly RecordFile<ServerSettings> _settings = new(layout.SettingsFile, FamilyJson.Default.ServerSettings);
    private readonly RecordFile<MemberState> _member = new(layout.MemberFile, FamilyJson.Default.MemberState);
    private readonly RecordFile<KeptLog> _keptLog = new(layout.KeptLogFile, FamilyJson.Default.KeptLog);
    private readonly RecordFile<EnabledLogs> _enabledLogs = new(layout.EnabledLogsFile, FamilyJson.Default.EnabledLogs);
    private readonly RecordFile<RestoredMoment> _restored = new(layout.RestoredFile, FamilyJson.Default.RestoredMoment);

    /// <summary>What the server was asked to be; null before it was prepared.</summary>
    /// <exception cref="Contract.DatastoreException">Permanent: the record is damaged, or missing beside data.</exception>
    public ServerSettings? Settings
    {
        get => _settings.Read() ?? (layout.HasData ? throw Missing(layout.SettingsFile) : null);
        set => _settings.Write(value!);
    }

    /// <summary>The state within a set.</summary>
    /// <exception cref="Contract.DatastoreException">Permanent: the record is damaged, or missing beside data.</exception>
    public MemberState State
    {
        get => _member.Read() ?? (layout.HasData ? throw Missing(layout.MemberFile) : new MemberState { EpochMarked = true });
        set => _member.Write(value);
    }

    /// <summary>The log is kept for its archive; null: it is not.</summary>
    public KeptLog? KeptLog
    {
        get => _keptLog.Read();
        set
        {
            if (value is null)
            {
                _keptLog.Remove();
            }
            else
            {
                _keptLog.Write(value);
            }
        }
    }

    /// <summary>The logs that users want written.</summary>
    public EnabledLogs EnabledLogs
    {
        get => _enabledLogs.Read() ?? EnabledLogs.None;
        set => _enabledLogs.Write(value);
    }

    /// <summary>What was reached when the data was made by a log; null: it was not, or is still being made.</summary>
    public RestoredMoment? Restored
    {
        get => _restored.Read();
        set => _restored.Write(value!);
    }

    /// <summary>Changes the state: one change after the other, for a job may come beside a call.</summary>
    public MemberState Change(Func<MemberState, MemberState> change)
    {
        lock (_changing)
        {
            return State = change(State);
        }
    }

    private static Contract.DatastoreException Missing(string path) => Faults.Permanent(
        $"There is data, but the record {Path.GetFileName(path)} is missing, which says what this server is; nothing is done "
            + "until it is restored.");
}
