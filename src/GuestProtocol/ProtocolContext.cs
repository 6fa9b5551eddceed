using System.Text.Json;
using System.Text.Json.Serialization;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestProtocol;

/// <summary>All that is said.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GuestBootstrap))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(RenewalRequest))]
[JsonSerializable(typeof(EnrolmentAnswer))]
[JsonSerializable(typeof(AgentHello))]
[JsonSerializable(typeof(HelloAnswer))]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(CommandBatch))]
[JsonSerializable(typeof(ReplyEnvelope))]
[JsonSerializable(typeof(GuestReport))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(PrepareServer))]
[JsonSerializable(typeof(StartServer))]
[JsonSerializable(typeof(StopServer))]
[JsonSerializable(typeof(RestartServer))]
[JsonSerializable(typeof(GrowVolume))]
[JsonSerializable(typeof(VolumeSize))]
[JsonSerializable(typeof(GetReplicationSnapshot))]
[JsonSerializable(typeof(SnapshotOffer))]
[JsonSerializable(typeof(CloseReplicationSnapshot))]
[JsonSerializable(typeof(AttachReplicationSlave))]
[JsonSerializable(typeof(DetachReplicationSlave))]
[JsonSerializable(typeof(ForgetReplicationSlave))]
[JsonSerializable(typeof(DemoteReplicationMaster))]
[JsonSerializable(typeof(SetWritable))]
[JsonSerializable(typeof(ListDatabases))]
[JsonSerializable(typeof(DatabasePage))]
[JsonSerializable(typeof(CreateDatabases))]
[JsonSerializable(typeof(DeleteDatabase))]
[JsonSerializable(typeof(ListUsers))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(GetUser))]
[JsonSerializable(typeof(UserInfo))]
[JsonSerializable(typeof(CreateUsers))]
[JsonSerializable(typeof(UpdateUser))]
[JsonSerializable(typeof(ChangePasswords))]
[JsonSerializable(typeof(DeleteUser))]
[JsonSerializable(typeof(GrantAccess))]
[JsonSerializable(typeof(RevokeAccess))]
[JsonSerializable(typeof(EnableRoot))]
[JsonSerializable(typeof(DisableRoot))]
[JsonSerializable(typeof(GetHardware))]
[JsonSerializable(typeof(HardwareInfo))]
[JsonSerializable(typeof(GetDiagnostics))]
[JsonSerializable(typeof(AgentDiagnostics))]
[JsonSerializable(typeof(Ping))]
[JsonSerializable(typeof(UpgradeAgent))]
[JsonSerializable(typeof(CreateBackup))]
[JsonSerializable(typeof(BackupMade))]
[JsonSerializable(typeof(RestoreBackup))]
[JsonSerializable(typeof(CancelJob))]
[JsonSerializable(typeof(ObjectRequest))]
[JsonSerializable(typeof(ObjectAnswer))]
internal sealed partial class ProtocolContext : JsonSerializerContext;
