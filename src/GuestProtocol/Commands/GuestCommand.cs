using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.GuestProtocol.Commands;

/// <summary>
/// What the control plane asks of an agent. Every command may arrive more than once: the agent answers a known id from its journal,
/// and what a command asks for is made sure of, not done again.
/// </summary>
public abstract record GuestCommand
{
    /// <summary>The wire name of each command.</summary>
    public static FrozenDictionary<string, Type> Kinds { get; } = new Dictionary<string, Type>
    {
        ["prepare"] = typeof(PrepareServer),
        ["start_server"] = typeof(StartServer),
        ["stop_server"] = typeof(StopServer),
        ["restart_server"] = typeof(RestartServer),
        ["grow_volume"] = typeof(GrowVolume),
        ["get_replication_snapshot"] = typeof(GetReplicationSnapshot),
        ["close_replication_snapshot"] = typeof(CloseReplicationSnapshot),
        ["load_replication_snapshot"] = typeof(LoadReplicationSnapshot),
        ["attach_replication_slave"] = typeof(AttachReplicationSlave),
        ["detach_replication_slave"] = typeof(DetachReplicationSlave),
        ["forget_replication_slave"] = typeof(ForgetReplicationSlave),
        ["demote_replication_master"] = typeof(DemoteReplicationMaster),
        ["set_writable"] = typeof(SetWritable),
        ["get_position"] = typeof(GetPosition),
        ["stop_writes"] = typeof(StopWrites),
        ["wait_for_position"] = typeof(WaitForPosition),
        ["stop_receiving"] = typeof(StopReceiving),
        ["resume_receiving"] = typeof(ResumeReceiving),
        ["compare_position"] = typeof(ComparePosition),
        ["promote_replication_slave"] = typeof(PromoteReplicationSlave),
        ["offer_following"] = typeof(OfferFollowing),
        ["list_databases"] = typeof(ListDatabases),
        ["create_databases"] = typeof(CreateDatabases),
        ["delete_database"] = typeof(DeleteDatabase),
        ["list_users"] = typeof(ListUsers),
        ["get_user"] = typeof(GetUser),
        ["create_users"] = typeof(CreateUsers),
        ["update_user"] = typeof(UpdateUser),
        ["change_passwords"] = typeof(ChangePasswords),
        ["delete_user"] = typeof(DeleteUser),
        ["grant_access"] = typeof(GrantAccess),
        ["revoke_access"] = typeof(RevokeAccess),
        ["enable_root"] = typeof(EnableRoot),
        ["disable_root"] = typeof(DisableRoot),
        ["get_hwinfo"] = typeof(GetHardware),
        ["get_diagnostics"] = typeof(GetDiagnostics),
        ["ping"] = typeof(Ping),
        ["upgrade_agent"] = typeof(UpgradeAgent),
        ["create_backup"] = typeof(CreateBackup),
        ["restore_backup"] = typeof(RestoreBackup),
        ["cancel_job"] = typeof(CancelJob),
        ["archive_log"] = typeof(ArchiveLog),
        ["restore_moment"] = typeof(RestoreMoment),
        ["verify_data"] = typeof(VerifyData),
        ["apply_configuration"] = typeof(ApplyConfiguration),
        ["list_logs"] = typeof(ListLogs),
        ["enable_log"] = typeof(EnableLog),
        ["read_log"] = typeof(ReadLog),
    }.ToFrozenDictionary();

    // Kinds that are not here came with version 1.
    private static readonly FrozenDictionary<string, int> Since = new Dictionary<string, int>
    {
        ["get_hwinfo"] = 2,
        ["get_diagnostics"] = 2,
        ["ping"] = 2,
        ["upgrade_agent"] = UpgradeAgent.SinceProtocol,
        ["create_backup"] = 3,
        ["restore_backup"] = 3,
        ["cancel_job"] = 3,
        ["archive_log"] = 4,
        ["restore_moment"] = 4,
        ["load_replication_snapshot"] = 5,
        ["verify_data"] = 5,
        ["get_position"] = 5,
        ["apply_configuration"] = 5,
        ["list_logs"] = 6,
        ["enable_log"] = 6,
        ["read_log"] = 6,
        ["stop_writes"] = 7,
        ["wait_for_position"] = 7,
        ["stop_receiving"] = 7,
        ["resume_receiving"] = 7,
        ["compare_position"] = 7,
        ["promote_replication_slave"] = 7,
        ["offer_following"] = 7,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Names = Kinds.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>This command's wire name.</summary>
    public string KindName() => NameOf(GetType());

    /// <summary>The wire name of a type of command.</summary>
    public static string NameOf(Type command) => Names[command];

    /// <summary>The protocol version that a kind came with: an agent with which an older one was agreed on is not sent it.</summary>
    public static int SinceVersion(string kind) => Since.GetValueOrDefault(kind, 1);

    /// <summary>It came with the oldest version that is still spoken: there is no agent that cannot be asked.</summary>
    [JsonIgnore]
    public bool IsKnownToAll => SinceVersion(KindName()) <= ProtocolVersion.Oldest;

    /// <summary>Why an agent with which this protocol version was agreed on cannot be asked; null: it can.</summary>
    public virtual string? WhyNotBy(int protocol) => WhyNotBy(GetType(), protocol);

    /// <summary>The same of a type of command.</summary>
    public static string? WhyNotBy(Type command, int protocol) => SinceVersion(NameOf(command)) is var since && protocol < since
        ? $"The agent speaks version {protocol} of the guest protocol, and {NameOf(command)} came with version {since}: "
            + "bring the agent up to date."
        : null;

    /// <summary>The command's fields as JSON.</summary>
    public JsonElement ToBody() => JsonSerializer.SerializeToElement(this, ProtocolJson.Of(GetType()));

    /// <summary>Reads a command. Unknown fields are ignored.</summary>
    /// <returns>Null when the kind is not known here.</returns>
    /// <exception cref="JsonException">The body does not fit the kind.</exception>
    public static GuestCommand? Parse(string kind, JsonElement body) =>
        Kinds.TryGetValue(kind, out var type) ? (GuestCommand?)body.Deserialize(ProtocolJson.Of(type)) : null;
}
