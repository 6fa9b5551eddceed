using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.MySql.Files;

/// <summary>
/// Where everything is. What a database user wrote is on the volume; what only the agent may know is in a folder of the agent's.
/// </summary>
internal sealed class ServerLayout(DatastoreHost host)
{
    /// <summary>The data directory. It has this name only when it is finished.</summary>
    public string Data { get; } = Path.Combine(host.VolumePath, "data");

    /// <summary>The data directory while it is being made.</summary>
    public string NewData { get; } = Path.Combine(host.VolumePath, "data.new");

    /// <summary>What changed since the data that is being made, while that is restored.</summary>
    public string ChangedData { get; } = Path.Combine(host.VolumePath, "data.changed");

    /// <summary>What a backup needs while it is made.</summary>
    public string BackupScratch { get; } = Path.Combine(host.VolumePath, "backup.tmp");

    /// <summary>The binary log.</summary>
    public string BinaryLog { get; } = Path.Combine(host.VolumePath, "binlog");

    /// <summary>What a slave received.</summary>
    public string RelayLog { get; } = Path.Combine(host.VolumePath, "relaylog");

    /// <summary>Temporary tables: on the volume, so that they count against its size.</summary>
    public string Temporary { get; } = Path.Combine(host.VolumePath, "tmp");

    /// <summary>The only folder that statements may read or write files in. Stays empty.</summary>
    public string Exchange { get; } = Path.Combine(host.VolumePath, "exchange");

    /// <summary>Logs for people: the error log, and those that users want.</summary>
    public string Logs { get; } = Path.Combine(host.VolumePath, "log");

    /// <summary>The error log's file.</summary>
    public string ErrorLog => Path.Combine(Logs, "error.log");

    /// <summary>The server's option file; read by the database's user, so it holds no secret.</summary>
    public string OptionFile { get; } = Path.Combine(host.VolumePath, "etc", "server.cnf");

    /// <summary>Keys and certificates for the server, readable by it alone.</summary>
    public string Encryption { get; } = Path.Combine(host.VolumePath, "tls");

    /// <summary>The server's own.</summary>
    public string ServerCertificate => Path.Combine(Encryption, "server.pem");

    /// <summary>The key to it.</summary>
    public string ServerKey => Path.Combine(Encryption, "server.key");

    /// <summary>That of the master: the only one that a slave trusts.</summary>
    public string MasterCertificate => Path.Combine(Encryption, "master.pem");

    /// <summary>Where the agent connects.</summary>
    public string Socket { get; } = Path.Combine(host.RunPath, "db.sock");

    /// <summary>The server's process id, for people.</summary>
    public string PidFile { get; } = Path.Combine(host.RunPath, "db.pid");

    /// <summary>Sockets and the like.</summary>
    public string Run { get; } = host.RunPath;

    /// <summary>What the server was asked to be.</summary>
    public string SettingsFile { get; } = Path.Combine(host.StatePath, "settings.json");

    /// <summary>What it is within a replication set.</summary>
    public string MemberFile { get; } = Path.Combine(host.StatePath, "member.json");

    /// <summary>The call about accounts that may be half done.</summary>
    public string AccountsFile { get; } = Path.Combine(host.StatePath, "accounts.json");

    /// <summary>The server's key and certificate, as the agent keeps them.</summary>
    public string IdentityFile { get; } = Path.Combine(host.StatePath, "identity.json");

    /// <summary>The log is kept for its archive.</summary>
    public string KeptLogFile { get; } = Path.Combine(host.StatePath, "kept-log.json");

    /// <summary>The logs that users want written.</summary>
    public string EnabledLogsFile { get; } = Path.Combine(host.StatePath, "enabled-logs.json");

    /// <summary>What was reached when the data was made by a log.</summary>
    public string RestoredFile { get; } = Path.Combine(host.StatePath, "restored.json");

    /// <summary>There is a finished data directory.</summary>
    public bool HasData => Directory.Exists(Data);

    /// <summary>There are files of a binary log.</summary>
    public bool HasBinaryLog => Directory.Exists(BinaryLog) && Directory.EnumerateFileSystemEntries(BinaryLog).Any();
}
