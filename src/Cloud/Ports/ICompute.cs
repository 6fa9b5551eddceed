namespace Dbaas.Cloud.Ports;

/// <summary>
/// Servers. Keys are ours and chosen before the call: <em>ensure</em> finds what is there by key and finishes it, so that every call may be
/// repeated, and may have been cut off half way the last time. No call waits for long work: it begins it, or goes on with it, and says how
/// things stand; the caller looks again. Failures are <see cref="CloudException"/>s.
/// </summary>
public interface ICompute
{
    /// <summary>
    /// Makes sure that the server exists and runs (or is on its way: see <see cref="Server.State"/>). Does not wait for its guest.
    /// </summary>
    Task<Server> EnsureServerAsync(ServerSpec spec, CancellationToken cancellationToken);

    /// <summary>The server as it is, or null when there is none.</summary>
    Task<Server?> FindServerAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes sure that the server and all of its processes are gone. Its volume and port stay.</summary>
    /// <returns>False while it is still going: call again.</returns>
    Task<bool> DeleteServerAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes sure that the server does not run. Volume, port and root disk stay.</summary>
    /// <returns>False while it still stops: call again.</returns>
    Task<bool> StopServerAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes sure that the server runs.</summary>
    /// <returns>False while it still starts: call again.</returns>
    Task<bool> StartServerAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Asks for a reboot. Not for repeating: each call is another reboot, and the guest's report of a new boot says that it happened.
    /// </summary>
    Task RebootServerAsync(string key, RebootKind kind, CancellationToken cancellationToken);

    /// <summary>
    /// Begins to give the server another flavor, or goes on with it. It ends in <see cref="CloudServerState.AwaitsConfirmation"/>; a server
    /// that is back to <see cref="CloudServerState.Active"/> with its old <see cref="Server.FlavorId"/> was refused by the plane, and
    /// <see cref="Server.Detail"/> says why.
    /// </summary>
    Task<Server> ResizeServerAsync(string key, string flavorId, CancellationToken cancellationToken);

    /// <summary>
    /// Begins to move the server to another host, or goes on with it: like a resize, to be confirmed. <paramref name="move"/> names this
    /// move, so that a repeated call is no second one.
    /// </summary>
    Task<Server> MigrateServerAsync(string key, string move, string? host, CancellationToken cancellationToken);

    /// <summary>
    /// Begins to bring a server up on another host, because its own is dead, or goes on with it: from its image, with volume and port.
    /// Whoever asks has made sure that the host is dead; a plane that knows better refuses. It ends in
    /// <see cref="CloudServerState.Active"/> or <see cref="CloudServerState.Stopped"/>. <paramref name="evacuation"/> names this one, so
    /// that a repeated call is no second one.
    /// </summary>
    Task<Server> EvacuateServerAsync(string key, string evacuation, string? host, CancellationToken cancellationToken);

    /// <summary>Makes the resize or the move final.</summary>
    /// <returns>False while it is under way: call again.</returns>
    Task<bool> ConfirmResizeAsync(string key, CancellationToken cancellationToken);

    /// <summary>Takes the resize or the move back; nothing to do is success.</summary>
    /// <returns>False while it is under way: call again.</returns>
    Task<bool> RevertResizeAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that the server runs from a fresh root disk with this spec's image and bootstrap, keeping volume and port. A server whose
    /// build is <see cref="ServerSpec.Build"/> already is left alone; one that does not exist any more is made.
    /// </summary>
    Task<Server> RebuildServerAsync(ServerSpec spec, CancellationToken cancellationToken);

    /// <summary>
    /// Returns once it is certain that the server neither runs nor is heard on its network, and stays so until it is started.
    /// </summary>
    /// <exception cref="CloudException">It is not certain.</exception>
    Task FenceAsync(string key, CancellationToken cancellationToken);

    /// <summary>The last lines that the server wrote to its console; null when the plane keeps none.</summary>
    Task<string?> ConsoleTailAsync(string key, int lines, CancellationToken cancellationToken);

    /// <summary>Keys of all servers that carry our deployment's mark. Absence from it proves nothing.</summary>
    Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken);

    /// <summary>The sizes that this plane offers.</summary>
    Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken);

    /// <summary>The availability zones that this plane offers.</summary>
    Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken);
}

/// <summary>How a server is rebooted.</summary>
public enum RebootKind
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Its operating system is asked.</summary>
    Soft,

    /// <summary>Its power is cut and given again.</summary>
    Hard,
}

/// <summary>A size of server.</summary>
/// <param name="Id">As users name it.</param>
/// <param name="Name">For people.</param>
/// <param name="MemoryMb">Memory.</param>
/// <param name="Vcpus">Processors.</param>
/// <param name="DiskGb">Root disk; 0 where there is none.</param>
public sealed record CloudFlavor(string Id, string Name, int MemoryMb, int Vcpus, int DiskGb);
