namespace Dbaas.GuestProtocol.Channel;

/// <summary>What a server is given at provisioning, by config drive or file (JSON). Everything else comes from the gateway.</summary>
public sealed record GuestBootstrap
{
    /// <summary>The instance that this server is.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The name of the datastore, for example <c>mariadb</c>.</summary>
    public required string Datastore { get; init; }

    /// <summary>Base URLs of the gateway, tried in turn.</summary>
    public required IReadOnlyList<string> GatewayUrls { get; init; }

    /// <summary>The certificates (PEM) of the authority that alone is trusted, for the gateway and for other agents.</summary>
    public required string CaCertificates { get; init; }

    /// <summary>Good for one enrolment; void from then on.</summary>
    public required string EnrolmentSecret { get; init; }

    /// <summary>The address that the database listens on and that other members reach it by.</summary>
    public required string Address { get; init; }

    /// <summary>More addresses of this server, on which the database listens for users alone; null: none.</summary>
    public IReadOnlyList<string>? UserAddresses { get; init; }

    /// <summary>The database's port.</summary>
    public required int Port { get; init; }

    /// <summary>The volume: the database's data lives in a folder below it.</summary>
    public required string VolumePath { get; init; }

    /// <summary>
    /// When set, the volume is a block device that the agent finds by this id (as its serial, of which a virtual disk shows 20 characters),
    /// formats when it proves to be empty, mounts at <see cref="VolumePath"/> and grows. Null: the host has put the volume there.
    /// </summary>
    public string? VolumeId { get; init; }

    /// <summary>The agent's own folder (keys, journal, records); the database's user cannot read it.</summary>
    public required string StatePath { get; init; }

    /// <summary>A folder that the agents of this machine share, for what is the same for all new servers; null: none.</summary>
    public string? TemplatesPath { get; init; }

    /// <summary>The user id that the database runs under; null: the agent's own.</summary>
    public int? DatabaseUserId { get; init; }

    /// <summary>Memory that the database and the agent may use together, in MB.</summary>
    public required int MemoryMb { get; init; }

    /// <summary>Processors.</summary>
    public required int Cpus { get; init; }
}
