using System.Text.Json.Serialization;

namespace Dbaas.GuestProtocol.Commands;

/// <summary>When the engine writes its binary log (or its equivalent).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BinaryLogMode>))]
public enum BinaryLogMode
{
    /// <summary>Not said: as <see cref="WhenReplicating"/>.</summary>
    Unknown,

    /// <summary>On from the first snapshot until demotion; turning it on or off restarts the server.</summary>
    WhenReplicating,

    /// <summary>Always; the log belongs to the state before replication, and demotion keeps it.</summary>
    Always,
}

/// <summary>Where the data of a new database comes from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataOrigin>))]
public enum DataOrigin
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>There is none yet: an empty database.</summary>
    Empty,

    /// <summary>From a master, with <see cref="LoadReplicationSnapshot"/>.</summary>
    Following,

    /// <summary>From backups, with <see cref="RestoreBackup"/>.</summary>
    Restored,
}

/// <summary>
/// Makes the database: settings, and, where its data comes from nowhere else, an empty data directory, started, with the databases and
/// users asked for.
/// </summary>
public sealed record PrepareServer : GuestCommand
{
    /// <summary>The datastore version's name, for example <c>10.11</c>.</summary>
    public required string DatastoreVersion { get; init; }

    /// <summary>Unique among all data directories ever made; never reused.</summary>
    public required uint ServerId { get; init; }

    /// <summary>When the engine writes its log.</summary>
    public BinaryLogMode BinaryLog { get; init; }

    /// <summary>The user's configuration group: engine parameter to value.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init => field = value ?? field; } = new Dictionary<string, string>();

    /// <summary>Where its data comes from. Since protocol version 3; <see cref="Origin"/> understands the older form too.</summary>
    public DataOrigin DataOrigin { get; init; }

    /// <summary>The older form of <see cref="DataOrigin.Following"/>, which every agent understands.</summary>
    public bool ForSlave { get; init; }

    /// <summary>Where its data comes from, in whichever form it was said.</summary>
    [JsonIgnore]
    public DataOrigin Origin => DataOrigin != DataOrigin.Unknown ? DataOrigin : ForSlave ? DataOrigin.Following : DataOrigin.Empty;

    /// <summary>Databases to make.</summary>
    public IReadOnlyList<DatabaseSpec> Databases { get; init => field = value ?? []; } = [];

    /// <summary>Users to make.</summary>
    public IReadOnlyList<UserSpec> Users { get; init => field = value ?? []; } = [];
}

/// <summary>Starts the database server. Nothing to do when it runs.</summary>
public sealed record StartServer : GuestCommand;

/// <summary>Stops the database server, and keeps it stopped. Nothing to do when it is stopped.</summary>
public sealed record StopServer : GuestCommand;

/// <summary>Stops the database server once, and starts it.</summary>
public sealed record RestartServer : GuestCommand
{
    /// <summary>
    /// The restart that is meant: the same one, asked for again under another command id because its start took too long, does not stop the
    /// server a second time. Null: each command id is one.
    /// </summary>
    public string? RestartId { get; init; }
}
