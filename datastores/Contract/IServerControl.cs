using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.Datastores.Contract;

/// <summary>The one part every datastore has: a server that is initialised, started, stopped, and says how it is.</summary>
public interface IServerControl
{
    /// <summary>
    /// Keeps the settings (in its records), and makes an empty data directory unless there is one or the data will come
    /// by <see cref="IReplication.LoadReplicationSnapshotAsync"/> or <see cref="IBackups.RestoreAsync"/>
    /// (<see cref="PrepareServer.Origin"/>).
    /// Does not start the server.
    /// A half-made data directory of an earlier try is made anew; a finished one is never touched.
    /// </summary>
    Task InitializeAsync(PrepareServer settings, CancellationToken cancellationToken);

    /// <summary>
    /// Starts the server and waits until it answers a query. Nothing to do when it does. Also the first call of all, of a new agent that
    /// finds data and records of an earlier one: then the server is what it was there, a master or a slave too.
    /// </summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops the server in good order and waits for its end. Nothing to do when it is stopped.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stops the server in good order (one that does not heed is killed within a few minutes) and starts it as <see cref="StartAsync"/>
    /// does.
    /// However this ends, also cut off anywhere, the server runs or is about to.
    /// </summary>
    /// <param name="stopped">Called when it is down: whoever repeats the call after that needs <see cref="StartAsync"/> only.</param>
    /// <param name="cancellationToken">Cuts it off.</param>
    Task RestartAsync(Action stopped, CancellationToken cancellationToken);

    /// <summary>
    /// Called once when the agent starts: takes over a server that runs, starts one that should run, and does nothing before
    /// <see cref="InitializeAsync"/>. Unfinished work of a cut-off call (for example a half-loaded slave) is left as it is.
    /// </summary>
    Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// How the server is, and its replication where it has some, by asking it: quick (at most 2 s), never throws for a server that is down.
    /// One question on a connection that is kept, so it may be asked each second, and clients that take all connections do not keep it
    /// from being answered. The agent looks each second at a server that is on its way or follows somebody. What a look shows to be amiss,
    /// and nobody has to be asked about, the datastore mends by itself between the agent's calls.
    /// </summary>
    Task<ServerStatus> GetStatusAsync(CancellationToken cancellationToken);
}

/// <summary>How a server is.</summary>
/// <param name="State">What it does.</param>
/// <param name="Version">As the server itself reports it; null when it does not answer.</param>
/// <param name="Detail">A sentence, when the state needs one.</param>
public sealed record ServerStatus(ServerState State, string? Version, string? Detail)
{
    /// <summary>Both threads, source, lag, log, known slaves; null when the datastore has no replication, or does not answer.</summary>
    public ReplicationReport? Replication { get; init; }

    /// <summary>How much it is used; null: not known. As of some seconds ago, where asking costs something.</summary>
    public ServerFigures? Figures { get; init; }

    /// <summary>What there is to say of the configuration; null: nothing.</summary>
    public ConfigurationReport? Configuration { get; init; }

    /// <summary>
    /// PEM of the certificate that the server shows to its clients; null when it has none. Who trusts it alone talks to this server.
    /// </summary>
    public string? Certificate { get; init; }
}
