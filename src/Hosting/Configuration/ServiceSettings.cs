using Dbaas.Domain.Instances;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Hosting.Configuration;

/// <summary>All that an operator can choose. Every setting has a default: an empty file is a working one.</summary>
public sealed record ServiceSettings
{
    /// <summary>What the node is called; no two nodes of a program have the same.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>The state folder.</summary>
    public string Home { get; init; } = "/var/lib/dbaas/control";

    /// <summary>A file with the master key, and former ones behind it, a line for each; null: <c>master.key</c> in <c>Home</c>.</summary>
    public string? MasterKeyFile { get; init; }

    /// <summary>The same keys themselves, apart by blanks, for who has them in the environment; empty: they are in a file.</summary>
    public string MasterKey { get; init; } = "";

    /// <summary>The published guest agent, which servers of the local plane run; null: there are none.</summary>
    public string? Agent { get; init; }

    /// <summary>The guest gateway's port, on the address that the plane says; null: a free one, chosen once and kept.</summary>
    public int? GatewayPort { get; init; }

    /// <summary>A further port on <see cref="ListenAddress"/>, for <c>/healthcheck</c> and <c>/readiness</c>; null: none.</summary>
    public int? HealthPort { get; init; }

    /// <summary>
    /// Seconds that an API of its own goes on serving when it is told to stop, while it says that it is not ready: load balancers look.
    /// </summary>
    public double UnreadySeconds { get; init; } = 5;

    /// <summary>Seconds that requests under way may take to end when a program is told to stop.</summary>
    public double StopSeconds { get; init; } = 30;

    /// <summary>The address that API and identity listen on.</summary>
    public string ListenAddress { get; init; } = "127.0.0.1";

    /// <summary>The database API.</summary>
    public int ApiPort { get; init; } = 8779;

    /// <summary>The built-in identity.</summary>
    public int IdentityPort { get; init; } = 5000;

    /// <summary>The address of the API in links and in the catalogue, for example behind a proxy; null: as above.</summary>
    public string? PublicEndpoint { get; init; }

    /// <summary>Where users log in, ending in <c>/v3</c>, if that is another address than the identity's own; null: it is that.</summary>
    public string? PublicIdentityEndpoint { get; init; }

    /// <summary>Connection strings of MariaDB or MySQL nodes; none: SQLite in the state folder.</summary>
    public IReadOnlyList<string> Database { get; init; } = [];

    /// <summary>How many units of work run at once on the database.</summary>
    public int DatabaseThreads { get; init; } = 4;

    /// <summary>Which node of several connections are made to.</summary>
    public NodeChoice DatabaseNodes { get; init; } = NodeChoice.PreferFirst;

    /// <summary>Seconds between two reports of an agent.</summary>
    public double ReportSeconds { get; init; } = 10;

    /// <summary>Seconds without a report after which a guest counts as not working.</summary>
    public double SilentSeconds { get; init; } = 30;

    /// <summary>Seconds that a new server may take until its agent has called; then it has failed.</summary>
    public double GuestStartSeconds { get; init; } = 300;

    /// <summary>
    /// Days after the end of an agent's certificate in which it may still be exchanged for a new one, while its instance exists.
    /// </summary>
    public double CertificateGraceDays { get; init; } = 30;

    /// <summary>
    /// The release that agents can be brought to: a published executable, its description beside it; null: the one that the service was
    /// started with.
    /// </summary>
    public string? AgentRelease { get; init; }

    /// <summary>
    /// Seconds after which an agent that was upgraded is back to its old release, when no report of the new one was accepted.
    /// </summary>
    public double AgentConfirmSeconds { get; init; } = 60;

    /// <summary>Seconds that a worker's claim on an operation holds without a sign of life.</summary>
    public double LeaseSeconds { get; init; } = 60;

    /// <summary>Operations that are worked on at once.</summary>
    public int ParallelOperations { get; init; } = 8;

    /// <summary>Days that the control database remembers an operation after its end.</summary>
    public double OperationDays { get; init; } = 30;

    /// <summary>Days that the history of an instance is kept after its deletion.</summary>
    public double HistoryDays { get; init; } = 30;

    /// <summary>Requests of each verb that a project may make in a minute; 0: no limit.</summary>
    public int RateLimitPerMinute { get; init; } = 200;

    /// <summary>The largest volume in GB.</summary>
    public int MaxVolumeSizeGb { get; init; } = 10;

    /// <summary>When the binary log of new instances is written, unless the request says.</summary>
    public BinaryLogChoice BinaryLog { get; init; } = BinaryLogChoice.WhenReplicating;

    /// <summary>The limits that a project begins with, by resource; -1: none.</summary>
    public IReadOnlyDictionary<string, long> Quotas { get; init; } = new Dictionary<string, long>();

    /// <summary>A broker between nodes, and to other services.</summary>
    public BrokerSetting Broker { get; init; } = new();

    /// <summary>Metrics and traces.</summary>
    public TelemetrySetting Telemetry { get; init; } = new();

    /// <summary>How the log is written.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>The datastore that is meant when a request names none.</summary>
    public string DefaultDatastore { get; init; } = "mariadb";

    /// <summary>The datastore versions on offer; none: MariaDB 10.11 from this machine's own programs.</summary>
    public IReadOnlyList<DatastoreSetting> Datastores { get; init; } = [];

    /// <summary>Images by name: root file system directories.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>The sizes on offer; none: the plane's own list.</summary>
    public IReadOnlyList<FlavorSetting> Flavors { get; init; } = [];

    /// <summary>The /24 for the instances; null: the first free one.</summary>
    public string? Subnet { get; init; }

    /// <summary>Where servers are made.</summary>
    public PlaneKind Plane { get; init; } = PlaneKind.Local;

    /// <summary>Backups.</summary>
    public BackupSetting Backups { get; init; } = new();

    /// <summary>For <see cref="PlaneKind.Libvirt"/>.</summary>
    public LibvirtSetting Libvirt { get; init; } = new();

    /// <summary>For <see cref="PlaneKind.OpenStack"/>.</summary>
    public OpenStackSetting OpenStack { get; init; } = new();

    /// <summary>Who says whose tokens are.</summary>
    public IdentityKind Identity { get; init; } = IdentityKind.BuiltIn;

    /// <summary>For <see cref="IdentityKind.Keystone"/>: where it is, and the account that may ask about users' tokens.</summary>
    public KeystoneSetting Keystone { get; init; } = new();

    /// <summary>
    /// The built-in identity's users; none: <c>demo</c> and <c>admin</c> with passwords made at the first start (in openrc and
    /// admin-openrc).
    /// </summary>
    public IReadOnlyList<UserSetting> Users { get; init; } = [];

    /// <summary>Never what is in it.</summary>
    public override string ToString() => $"settings of {NodeName}";
}

/// <summary>A datastore version.</summary>
public sealed record DatastoreSetting
{
    /// <summary>What this machine's own programs are: Debian's MariaDB.</summary>
    public static DatastoreSetting Own { get; } = new() { Name = "mariadb", Version = "10.11", IsDefault = true };

    /// <summary>For example <c>mariadb</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>For example <c>10.11</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>The name of an image; empty: this machine's own programs.</summary>
    public string Image { get; init; } = "";

    /// <summary>The database's port.</summary>
    public int Port { get; init; } = 3306;

    /// <summary>Meant when a request names no version.</summary>
    public bool IsDefault { get; init; }
}

/// <summary>A size of server.</summary>
public sealed record FlavorSetting
{
    /// <summary>As users name it.</summary>
    public string Id { get; init; } = "";

    /// <summary>For people.</summary>
    public string Name { get; init; } = "";

    /// <summary>Memory.</summary>
    public int MemoryMb { get; init; }

    /// <summary>Processors.</summary>
    public int Vcpus { get; init; } = 1;
}

/// <summary>A user of one project.</summary>
public sealed record UserSetting
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>A secret.</summary>
    public string Password { get; init; } = "";

    /// <summary>The project, made by being named.</summary>
    public string Project { get; init; } = "";

    /// <summary><c>admin</c>, <c>member</c>, <c>reader</c>; none: <c>member</c>. (Not as a default: the binder adds to those.)</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Name} ({Project})";
}
