using System.Text.Json.Serialization;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestProtocol.Reports;

/// <summary>How the database server is, as its agent sees it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServerState>))]
public enum ServerState
{
    /// <summary>Not known yet.</summary>
    Unknown,

    /// <summary>The agent has not been told to prepare a database.</summary>
    Unprepared,

    /// <summary>Starting; not answering yet.</summary>
    Starting,

    /// <summary>Answers a query.</summary>
    Healthy,

    /// <summary>Runs, but does not answer.</summary>
    Blocked,

    /// <summary>Stopped on request.</summary>
    Stopped,

    /// <summary>Ended by itself; the agent starts it again.</summary>
    Crashed,
}

/// <summary>What an agent sends at its interval, and at once when something changes.</summary>
public sealed record GuestReport
{
    /// <summary>No report holds more events: the rest comes with the next one, at once.</summary>
    public const int MostEvents = 64;

    /// <summary>For people.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>How the database server is.</summary>
    public required ServerState State { get; init; }

    /// <summary>
    /// Something essential is different from what this agent told last; false: its interval is over, it has just started, or it is older.
    /// </summary>
    public bool IsNews { get; init; }

    /// <summary>Which list of gateways the agent has (<see cref="GatewayNews.Mark"/>); null: it was told none.</summary>
    public string? GatewaysMark { get; init; }

    /// <summary>A sentence, when the state needs one.</summary>
    public string? Detail { get; init; }

    /// <summary>The version that the server itself reports; null until it answered once.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>The volume; null until it is known.</summary>
    public VolumeUse? Volume { get; init; }

    /// <summary>Replication as seen from this server; null when the datastore has none or does not answer.</summary>
    public ReplicationReport? Replication { get; init; }

    /// <summary>The highest role epoch that this agent ever heard of, from its disk; 0: of none.</summary>
    public long RoleEpoch { get; init; }

    /// <summary>
    /// Seconds that the lease of the last answer is still good for, when this is sent; 0: it has run out, or none was granted since the
    /// agent started. What the agent was granted before it started does not count.
    /// </summary>
    public double LeaseLeftSeconds { get; init; }

    /// <summary>Long work that is under way. Since protocol version 3.</summary>
    public IReadOnlyList<JobReport> Jobs { get; init => field = value ?? []; } = [];

    /// <summary>What there is to say of the configuration; null: nothing. Since protocol version 5.</summary>
    public ConfigurationReport? Configuration { get; init; }

    /// <summary>How much the server is used; null: not known, or the agent is older.</summary>
    public ServerFigures? Figures { get; init; }

    /// <summary>PEM of the certificate that the database server shows to its clients; null: it has none, or the agent is older.</summary>
    public string? Certificate { get; init; }

    /// <summary>
    /// What happened since the last accepted report, oldest first (for example a crash with its exit code), up to
    /// <see cref="MostEvents"/>.
    /// </summary>
    public IReadOnlyList<GuestEvent> Events { get; init => field = value ?? []; } = [];
}

/// <summary>The state of the volume.</summary>
/// <param name="TotalBytes">Size of the file system.</param>
/// <param name="UsedBytes">In use.</param>
public sealed record VolumeUse(long TotalBytes, long UsedBytes);

/// <summary>How much a server is used.</summary>
/// <param name="Connections">Open at the moment, with those of the agent.</param>
/// <param name="Queries">From clients, since the server was started.</param>
public sealed record ServerFigures(long Connections, long Queries);

/// <summary>Replication as one server sees it.</summary>
public sealed record ReplicationReport
{
    /// <summary>Host of the source that it follows; null when it follows nobody.</summary>
    public string? SourceHost { get; init; }

    /// <summary>The receiving thread runs.</summary>
    public bool Receiving { get; init; }

    /// <summary>
    /// The receiving thread tries to reach its source, and gets no answer: not even one that refuses it. Since protocol version 7.
    /// </summary>
    public bool SourceLost { get; init; }

    /// <summary>The applying thread runs.</summary>
    public bool Applying { get; init; }

    /// <summary>Seconds behind the source; null when not known.</summary>
    public double? LagSeconds { get; init; }

    /// <summary>Ordinary clients cannot write.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The binary log (or its equivalent) is on.</summary>
    public bool LogOn { get; init; }

    /// <summary>Ids of all slaves for which this server keeps a replication user.</summary>
    public IReadOnlyList<string> KnownSlaves { get; init => field = value ?? []; } = [];

    /// <summary>The last error of either thread.</summary>
    public string? LastError { get; init; }
}

/// <summary>How the server stands to the configuration that it was given last.</summary>
public sealed record ConfigurationReport
{
    /// <summary>Names of the parameters that come with the next start, in order.</summary>
    public IReadOnlyList<string> WaitForRestart { get; init => field = value ?? []; } = [];

    /// <summary>Why it runs with former values: it did not start with those that it was given; null: it does not.</summary>
    public string? GivenUp { get; init; }
}

/// <summary>Something that happened in the guest and belongs into the instance's history.</summary>
/// <param name="Id">Unique within the instance: the gateway records each id once.</param>
/// <param name="At">When, by the guest's clock.</param>
/// <param name="Kind">
/// A short name, for example <c>database-crashed</c>, <c>database-restarted</c>, <c>agent-started</c>, <c>command-fenced</c>.
/// </param>
/// <param name="Message">A sentence for the user.</param>
public sealed record GuestEvent(string Id, DateTimeOffset At, string Kind, string Message);

/// <summary>The gateway's answer to a report.</summary>
/// <param name="NextInSeconds">When to report again, if nothing changes before.</param>
/// <param name="LeaseUntilSeconds">
/// How long the control plane promises to let the guest have its role: until so many seconds after the agent <em>sent</em> the report that
/// this answers. Both ends measure by clocks of their own, and the agent's measure begins earlier: however far the clocks are apart and
/// however long the way is, the agent's lease ends before the one that the gateway has written down. An agent does not act on the end
/// of a lease yet: that is failover's, and an instance without failover goes on serving when the control plane is away.
/// </param>
/// <param name="RoleEpoch">Counts the roles that the instance has had; rises with each change. The agent keeps the highest.</param>
/// <param name="Gateways">Others serve now than the agent says it knows; null: the same.</param>
public sealed record ReportAnswer(double NextInSeconds, double LeaseUntilSeconds, long RoleEpoch, GatewayNews? Gateways = null);
