namespace Dbaas.Domain.Guests;

/// <summary>What an agent has said of itself, for administrators.</summary>
public sealed record AgentFacts
{
    /// <summary>The instance, where several are read.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The agent's release.</summary>
    public string AgentVersion { get; init; } = "";

    /// <summary>The protocol version that was agreed on.</summary>
    public int Protocol { get; init; }

    /// <summary>The oldest that it speaks.</summary>
    public int OldestProtocol { get; init; }

    /// <summary>The newest that it speaks.</summary>
    public int NewestProtocol { get; init; }

    /// <summary>What its datastore can do, separated by blanks.</summary>
    public string Capabilities { get; init; } = "";

    /// <summary>Memory for database and agent together.</summary>
    public int MachineMemoryMb { get; init; }

    /// <summary>Processors.</summary>
    public int MachineCpus { get; init; }

    /// <summary>Another one after each boot of the machine; empty: the agent does not say.</summary>
    public string BootId { get; init; } = "";
}
