using System.Text.Json.Serialization;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// What this server is within a replication set: the wish that <see cref="ServerRunner"/> makes true. It is written before anything is done
/// about it, so a call that was cut off goes on from here when it is repeated.
/// </summary>
internal sealed record MemberState
{
    /// <summary>The binary log is to be on.</summary>
    public bool LogOn { get; init; }

    /// <summary>The period with the log on that the data belongs to; null while it is off.</summary>
    public string? Epoch { get; init; }

    /// <summary>The data itself says that it is of <see cref="Epoch"/>. Until then nobody else may write.</summary>
    public bool EpochMarked { get; init; }

    /// <summary>It has left its master, and what that means for its data is still to be done.</summary>
    public bool HasParted { get; init; }

    /// <summary>It took over from its master, and what that means for events is still to be done.</summary>
    public bool HasTakenOver { get; init; }

    /// <summary>GTIDs given out in earlier periods: a new log starts above them.</summary>
    public string GtidFloor { get; init; } = "";

    /// <summary>
    /// Parameters that shape the data, where it came from another server: this one can read it with no others, also when it is on its own
    /// again.
    /// </summary>
    public IReadOnlyDictionary<string, string> Shape { get; init; } = new Dictionary<string, string>();

    /// <summary>The data was restored, and holds copies of users that the service kept where it was: they go at the first start.</summary>
    public bool HoldsCopies { get; init; }

    /// <summary>Ordinary clients may write (if it follows nobody).</summary>
    public bool Writable { get; init; } = true;

    /// <summary>Whom it follows.</summary>
    public Source? Following { get; init; }

    /// <summary>The replication users that it keeps, by slave id.</summary>
    public IReadOnlyDictionary<string, SlaveUser> Slaves { get; init; } = new Dictionary<string, SlaveUser>();

    /// <summary>The snapshots on offer, by id.</summary>
    public IReadOnlyDictionary<string, OpenSnapshot> Snapshots { get; init; } = new Dictionary<string, OpenSnapshot>();

    /// <summary>Nobody but the agent may write.</summary>
    public bool ReadOnly => Following is not null || !Writable || !EpochMarked;
}

/// <summary>A server that this one follows.</summary>
internal sealed record Source
{
    /// <summary>How often one that has nothing to send says so.</summary>
    public const int HeartbeatSeconds = 2;

    /// <summary>One that says nothing for so long is gone: what hangs, or lost its network, ends no connection.</summary>
    public const int SilentForSeconds = 6;

    /// <summary>Its instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Its address.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public required int Port { get; init; }

    /// <summary>The user that it keeps for this slave.</summary>
    public required string User { get; init; }

    /// <summary>Its password.</summary>
    public required string Password { get; init; }

    /// <summary>The only one that it may show; null: a slave of before there were any.</summary>
    public string? Certificate { get; init; }

    /// <summary>The slave's id, as the master knows it.</summary>
    public required string SlaveId { get; init; }

    /// <summary>The data was loaded for this attachment, and the engine was not told to follow yet.</summary>
    public bool Fresh { get; init; }

    /// <summary>Where freshly loaded data stands.</summary>
    public string LoadedGtid { get; init; } = "";

    /// <summary>All transactions that this server had when it was told to follow.</summary>
    public string Before { get; init; } = "";

    /// <summary>
    /// The file of its log that was begun when it was told to follow: what it had logged itself until then, as a master, is in those before
    /// it. Empty: all of its log is of later.
    /// </summary>
    public string LogFrom { get; init; } = "";

    /// <summary>What it was known to have received while it lagged; it may be the only one that had it.</summary>
    public string Received { get; init; } = "";

    /// <summary>The history that it is to have, without transactions of its own; null: nothing is to be mended.</summary>
    public string? MendTo { get; init; }

    /// <summary>The engine was told, and both threads ran once.</summary>
    public bool Configured { get; init; }

    /// <summary>Nothing is to be received from it.</summary>
    public bool Unheard { get; init; }

    /// <summary>Its threads are kept as they are to be: from when both ran once, or one of them is not to run.</summary>
    [JsonIgnore]
    public bool HasThreads => Configured || (Unheard && !Fresh);

    /// <summary>By a look: its threads are not as they are to be, and to set them may help.</summary>
    public bool IsAmiss(ReplicaStatus status) => HasThreads && (Unheard
        ? status.Receiver != "No" || (status.IsToBeStarted && (status.IsDamaged || status.ApplierErrorNumber == 0))
        : status.IsToBeStarted);

    /// <summary>Whom, without what became of it.</summary>
    [JsonIgnore]
    public Source AsWished => this with
    {
        Fresh = false, LoadedGtid = "", Before = "", LogFrom = "", Received = "", MendTo = null, Configured = false,
        Unheard = false,
    };

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>A replication user that this server keeps.</summary>
internal sealed record SlaveUser(string User, string Host, string Password)
{
    /// <summary>Never the password.</summary>
    public override string ToString() => User;
}

/// <summary>A snapshot on offer.</summary>
internal sealed record OpenSnapshot
{
    /// <summary>Who will read it.</summary>
    public required string SlaveId { get; init; }

    /// <summary>Where from.</summary>
    public required string SlaveAddress { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset OpenUntil { get; init; }

    /// <summary>The size that was told.</summary>
    public required long DatasetBytes { get; init; }

    /// <summary>The lower bound of the position: file, offset, GTID, and the GTIDs of the whole history.</summary>
    public required LogPosition Position { get; init; }

    /// <summary>The slaves that were asked for together with this one; null: there are no others.</summary>
    public SlaveGroup? Group { get; init; }

    /// <summary>The backup that the data comes from; null: from here.</summary>
    public string? BackupId { get; init; }

    /// <summary>For engines that read through the database: a user for that alone.</summary>
    public SlaveUser? Reader { get; init; }
}

/// <summary>A place in the binary log.</summary>
/// <param name="File">Of the log.</param>
/// <param name="Offset">In the file.</param>
/// <param name="Gtid">As the engine writes it.</param>
/// <param name="State">Everything logged so far, by server.</param>
internal sealed record LogPosition(string File, long Offset, string Gtid, string State);
