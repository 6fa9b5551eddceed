namespace Dbaas.Domain.Guests;

/// <summary>The last that is known of a guest: one row an instance, written by the gateway. Times are Unix milliseconds.</summary>
public sealed record GuestState
{
    // In bytes: a start writes small files before anything can be removed.
    private const long FullBelow = 4L << 20;

    /// <summary>The instance.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>When its agent was last heard of, by the database's clock.</summary>
    public long LastSeen { get; init; }

    /// <summary>What the database's clock said when this was read.</summary>
    public long ReadAt { get; init; }

    /// <summary>
    /// From when on its silence counts: when its agent was last heard of, or when it could be heard of again, where no gateway was there.
    /// </summary>
    public long SilentSince { get; init; }

    /// <summary>For how long its agent could have been heard of, and was not.</summary>
    public TimeSpan SilentFor => TimeSpan.FromMilliseconds(ReadAt - SilentSince);

    /// <summary>
    /// Whether its agent answers, as far as is known. One that was heard of at a time that is still to come was so before a clock was set
    /// back.
    /// </summary>
    /// <param name="silentAfter">One that was not heard of for so long does not.</param>
    public bool Answers(TimeSpan silentAfter) => SilentFor.Duration() <= silentAfter;

    /// <summary>Its agent answers, and its database works.</summary>
    public bool IsHealthy(TimeSpan silentAfter) => ServerState == "Healthy" && Answers(silentAfter);

    /// <summary>How the database server is, in the guest protocol's words (<c>Healthy</c>, <c>Crashed</c>, …).</summary>
    public string ServerState { get; init; } = "";

    /// <summary>A sentence, when the state needs one.</summary>
    public string? Detail { get; init; }

    /// <summary>The server's own version.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Size of the volume's file system in bytes.</summary>
    public long? VolumeTotal { get; init; }

    /// <summary>In use of it, in bytes.</summary>
    public long? VolumeUsed { get; init; }

    /// <summary>So little is left of its volume that a database which ends may not start again.</summary>
    public bool IsVolumeFull => VolumeTotal - VolumeUsed < FullBelow;

    /// <summary>Long work that is under way, as JSON: a list of <see cref="JobProgress"/>; null: none is.</summary>
    public string? Jobs { get; init; }

    /// <summary>It follows a source.</summary>
    public bool Follows { get; init; }

    /// <summary>Both replication threads run.</summary>
    public bool Replicating { get; init; }

    /// <summary>It receives from its source. Said, as long as its gateway is of a release that does not know it.</summary>
    public bool Receiving { get; init; }

    /// <summary>It would receive, and gets no answer from its source.</summary>
    public bool SourceLost { get; init; }

    /// <summary>
    /// It is a slave that receives, or would if its source were there: so it has not taken its source's place, and is not asked to.
    /// </summary>
    public bool StandsBy => Follows && ReadOnly && (Receiving || SourceLost);

    /// <summary>It applies what it has received. Said, as long as its gateway is of a release that does not know it.</summary>
    public bool Applying { get; init; }

    /// <summary>Seconds behind the source.</summary>
    public double? LagSeconds { get; init; }

    /// <summary>Ordinary clients cannot write.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The binary log is on.</summary>
    public bool LogOn { get; init; }

    /// <summary>Ids of the slaves for which it keeps a replication user, separated by blanks.</summary>
    public string KnownSlaves { get; init; } = "";

    /// <summary>The last replication error.</summary>
    public string? ReplicationError { get; init; }

    /// <summary>The parameters that come with the next start of the database, separated by blanks; empty: none.</summary>
    public string WaitForRestart { get; init; } = "";

    /// <summary>Why the database runs with former values of its configuration group; null: it does not.</summary>
    public string? ConfigurationGivenUp { get; init; }

    /// <summary>PEM of the certificate that the database shows to its clients; null: none is known.</summary>
    public string? Certificate { get; init; }

    /// <summary>
    /// The highest role epoch that its agent has heard of; less than the instance's own: it acts for a role that is over.
    /// </summary>
    public long RoleEpoch { get; init; }

    /// <summary>It reported while a lease of its role was good.</summary>
    public bool LeaseHeld { get; init; }

    /// <summary>
    /// No lease that it was granted is good after this, by the database's clock. It is here before the agent hears of it, so whoever waits
    /// until then knows that the guest has none.
    /// </summary>
    public long LeaseUntil { get; init; }
}
