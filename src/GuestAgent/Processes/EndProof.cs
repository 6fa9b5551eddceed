using Dbaas.Datastores.Contract;

namespace Dbaas.GuestAgent.Processes;

/// <summary>
/// Whether a process that is no child of this agent ended in good order. Only its parent is told how it ended; so by the file that it
/// removes at the end of that.
/// </summary>
internal readonly struct EndProof
{
    private readonly string? path;

    private EndProof(string? path) => this.path = path;

    /// <summary>It was there, and is not any more.</summary>
    public bool HasCome => path is not null && !File.Exists(path);

    /// <summary>To be called before the process is told to end: a file that is not there then proves nothing.</summary>
    public static EndProof Before(ProcessSpec? server) => new(server?.RemovedAtEnd is { } file && File.Exists(file) ? file : null);
}
