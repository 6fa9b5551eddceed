namespace Dbaas.Datastores.Contract;

/// <summary>What the agent gives to a datastore when it makes one.</summary>
public sealed record DatastoreHost
{
    /// <summary>The instance's id: names the server for people and goes into what belongs to this slave on its master.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The address that the server listens on, and that peers reach it by.</summary>
    public required string Address { get; init; }

    /// <summary>More addresses that the server listens on, for users alone.</summary>
    public IReadOnlyList<string> UserAddresses { get; init; } = [];

    /// <summary>The server's port.</summary>
    public required int Port { get; init; }

    /// <summary>The volume. The datastore makes its folders below it.</summary>
    public required string VolumePath { get; init; }

    /// <summary>
    /// A folder of the agent's for the datastore's own records; the database's user cannot read it. On the volume, beside the data: a new
    /// agent on a new root disk finds both or neither. Survives the loss of the data directory.
    /// </summary>
    public required string StatePath { get; init; }

    /// <summary>
    /// A folder that the agents of this machine share and nobody else can read, for what is the same for all new servers; null: none.
    /// Never for what is one server's own, and only to save time.
    /// </summary>
    public string? TemplatesPath { get; init; }

    /// <summary>
    /// A folder for sockets and process ids, with a short path (socket paths are limited to 107 bytes); open to the database's user.
    /// </summary>
    public required string RunPath { get; init; }

    /// <summary>The user id for the server process and its files; null: the agent's own.</summary>
    public int? UserId { get; init; }

    /// <summary>Memory that the server and the agent may use together, in MB.</summary>
    public required int MemoryMb { get; init; }

    /// <summary>Processors.</summary>
    public required int Cpus { get; init; }

    /// <summary>The only way to start a process.</summary>
    public required IProcesses Processes { get; init; }

    /// <summary>Keeps the server process running.</summary>
    public required IServerSupervisor Supervisor { get; init; }

    /// <summary>The way from agent to agent for bulk data.</summary>
    public required IPeerStreams PeerStreams { get; init; }

    /// <summary>Where time comes from.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Something for the instance's history: a short name, and a sentence for the user.</summary>
    public required Action<string, string> Tell { get; init; }

    /// <summary>A line for the agent's log. Never a secret.</summary>
    public required Action<string> Log { get; init; }
}
