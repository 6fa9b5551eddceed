namespace Dbaas.GuestProtocol.Commands;

/// <summary>What the server offers. Result: <see cref="HardwareInfo"/>.</summary>
public sealed record GetHardware : GuestCommand;

/// <summary>A server as its agent finds it.</summary>
/// <param name="MemoryKb">Memory that the database and the agent may use together.</param>
/// <param name="Cpus">Processors.</param>
public sealed record HardwareInfo(long MemoryKb, int Cpus);

/// <summary>How the agent's own process is. Result: <see cref="AgentDiagnostics"/>.</summary>
public sealed record GetDiagnostics : GuestCommand;

/// <summary>An agent's own process, as the kernel sees it. Sizes are in KB.</summary>
public sealed record AgentDiagnostics
{
    /// <summary>The agent's release.</summary>
    public required string Version { get; init; }

    /// <summary>Its threads.</summary>
    public required long Threads { get; init; }

    /// <summary>Places for open files.</summary>
    public required long FdSize { get; init; }

    /// <summary>Address space.</summary>
    public required long VmSize { get; init; }

    /// <summary>The most address space that it had.</summary>
    public required long VmPeak { get; init; }

    /// <summary>In memory.</summary>
    public required long VmRss { get; init; }

    /// <summary>The most that was in memory.</summary>
    public required long VmHwm { get; init; }
}

/// <summary>Does the agent answer?</summary>
public sealed record Ping : GuestCommand;

/// <summary>
/// Fetch another release of the agent from the gateway, put it into the slot that is free, and start it. It is answered by the agent that
/// runs in the end: by the new one once a report of it was accepted; by the old one, with a fault, when that did not happen.
/// </summary>
public sealed record UpgradeAgent : GuestCommand
{
    /// <summary>The protocol version that it came with: older agents cannot be upgraded by their control plane.</summary>
    public const int SinceProtocol = 2;

    /// <summary>
    /// The upgrade that is meant: one that has failed is not tried again when it is asked for again under another command id.
    /// </summary>
    public required string UpgradeId { get; init; }

    /// <summary>What the release calls itself. An agent that runs it has nothing to do.</summary>
    public required string Version { get; init; }

    /// <summary>The executable's SHA-256, in lower case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The executable's size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The old one is back when no report of the new one was accepted within so many seconds from its first start.</summary>
    public required int ConfirmSeconds { get; init; }
}
