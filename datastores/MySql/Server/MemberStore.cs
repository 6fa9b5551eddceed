namespace Dbaas.Datastores.MySql.Server;

/// <summary>The two records in the agent's folder.</summary>
internal sealed class MemberStore(ServerLayout layout)
{
    private readonly RecordFile<ServerSettings> _settings = new(layout.SettingsFile, FamilyJson.Default.ServerSettings);
    private readonly RecordFile<MemberState> _member = new(layout.MemberFile, FamilyJson.Default.MemberState);

    /// <summary>What the server was asked to be; null before it was prepared.</summary>
    public ServerSettings? Settings
    {
        get => _settings.Read();
        set => _settings.Write(value!);
    }

    /// <summary>The state within a set.</summary>
    public MemberState State
    {
        get => _member.Read() ?? new MemberState { EpochMarked = true };
        set => _member.Write(value);
    }

    /// <summary>Changes the state.</summary>
    public MemberState Change(Func<MemberState, MemberState> change) => State = change(State);
}
