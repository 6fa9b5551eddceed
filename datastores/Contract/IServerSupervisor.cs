namespace Dbaas.Datastores.Contract;

/// <summary>
/// Keeps one server process running. The process outlives the agent and is taken over again (by process id and start time, kept on disk);
/// when it ends by itself it is started again after 0, 1, 5, then every 30 s, and an event is reported.
/// </summary>
public interface IServerSupervisor
{
    /// <summary>
    /// Makes sure that the server process runs; with another specification than before it is used from the next start on.
    /// </summary>
    Task EnsureStartedAsync(ProcessSpec server, CancellationToken cancellationToken);

    /// <summary>
    /// SIGTERM, and SIGKILL after the patience is over (then too when the call was cut off); waits for the end. Not started again until
    /// asked.
    /// Nothing to do when it is stopped.
    /// </summary>
    Task StopAsync(TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>
    /// The same for a server that is to run on: <see cref="EnsureStartedAsync"/> follows. If the call is cut off, the agent is killed
    /// before that, or it fails, the server is started again without being asked: nobody has to remember an abandoned restart.
    /// </summary>
    /// <param name="patience">See <see cref="StopAsync"/>.</param>
    /// <param name="whileDown">
    /// Called when it is down, and nobody starts it meanwhile. True: it is known to have gone down in good order. False: it was killed or
    /// crashed, or nobody saw how it ended; only its own start mends its files.
    /// </param>
    /// <param name="cancellationToken">Cuts it off.</param>
    Task StopForRestartAsync(TimeSpan patience, Action<bool> whileDown, CancellationToken cancellationToken);

    /// <summary>What the process does now.</summary>
    SupervisedState State { get; }

    /// <summary>
    /// How often in a row the server ended by itself soon after it was started, since somebody asked for its start: one that does so again
    /// and again is not slow.
    /// </summary>
    int EndsInARow { get; }

    /// <summary>
    /// What the server wrote on its output since it was started last, the end of it: until its log is open a server speaks there. Empty:
    /// nothing, or it is not known.
    /// </summary>
    string LastWords { get; }

    /// <summary>Looks for a process left by an earlier agent; starts the server again when it should run and does not.</summary>
    Task ResumeAsync(CancellationToken cancellationToken);
}

/// <summary>What a supervised process does.</summary>
public enum SupervisedState
{
    /// <summary>Not known yet.</summary>
    Unknown,

    /// <summary>Never started, or stopped on request.</summary>
    Stopped,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Ended by itself; will be started again.</summary>
    Crashed,
}
