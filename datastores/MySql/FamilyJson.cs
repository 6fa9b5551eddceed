using System.Text.Json;
using System.Text.Json.Serialization;
using Dbaas.Datastores.MySql.Accounts;
using Dbaas.Datastores.MySql.Archiving;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql;

/// <summary>
/// Records and documents of this family, written as the protocol writes: snake case, nulls left out, unknown fields ignored.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerSettings))]
[JsonSerializable(typeof(MemberState))]
[JsonSerializable(typeof(ServerIdentity))]
[JsonSerializable(typeof(BegunCall))]
[JsonSerializable(typeof(SnapshotDocument))]
[JsonSerializable(typeof(PositionToken))]
[JsonSerializable(typeof(MariaDbBackupDocument))]
[JsonSerializable(typeof(MySqlBackupDocument))]
[JsonSerializable(typeof(TroveBackupDocument))]
[JsonSerializable(typeof(LogPlaceDocument))]
[JsonSerializable(typeof(KeptLog))]
[JsonSerializable(typeof(EnabledLogs))]
[JsonSerializable(typeof(RestoredMoment))]
internal sealed partial class FamilyJson : JsonSerializerContext;
