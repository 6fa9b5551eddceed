using System.Text.Json.Nodes;

namespace Dbaas.Cloud.Ports;

/// <summary>
/// Servers. Keys are ours and chosen before the call: <em>ensure</em> finds what is there by key and finishes it, so that every call may be
/// repeated, and may have been cut off half way the last time. Failures are <see cref="CloudException"/>s.
/// </summary>
public interface ICompute
{
    /// <summary>Makes sure that the server exists and runs (or is on its way: see <see cref="Server.State"/>). Does not wait for its guest.</summary>
    Task<Server> EnsureServerAsync(ServerSpec spec, CancellationToken cancellationToken);

    /// <summary>The server as it is, or null when there is none.</summary>
    Task<Server?> FindServerAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes sure that the server and all of its processes are gone. Its volume and port stay.</summary>
    /// <returns>False while it is still going: call again.</returns>
    Task<bool> DeleteServerAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keys of all servers that carry our deployment's mark.</summary>
    Task<IReadOnlyList<string>> ListServersAsync(CancellationToken cancellationToken);

    /// <summary>The sizes that this plane offers.</summary>
    Task<IReadOnlyList<CloudFlavor>> ListFlavorsAsync(CancellationToken cancellationToken);

    /// <summary>The availability zones that this plane offers.</summary>
    Task<IReadOnlyList<string>> ListZonesAsync(CancellationToken cancellationToken);
}

/// <summary>A server to make.</summary>
public sealed record ServerSpec
{
    /// <summary>Our key: the instance's id.</summary>
    public required string Key { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="ICompute.ListFlavorsAsync"/>.</summary>
    public required string FlavorId { get; init; }

    /// <summary>What to run: a plane's own word for an image; empty: this plane's default.</summary>
    public required string Image { get; init; }

    /// <summary>Key of a volume that exists.</summary>
    public required string VolumeKey { get; init; }

    /// <summary>Key of a port that exists.</summary>
    public required string PortKey { get; init; }

    /// <summary>One of <see cref="ICompute.ListZonesAsync"/>; null: any.</summary>
    public string? Zone { get; init; }

    /// <summary>
    /// The bootstrap document for the guest (GuestProtocol's <c>GuestBootstrap</c> as JSON), with a secret in it. The plane adds what only it
    /// knows: <c>address</c>, <c>volume_path</c>, <c>state_path</c>, <c>database_user_id</c>, <c>memory_mb</c>, <c>cpus</c>.
    /// </summary>
    public required JsonObject Bootstrap { get; init; }
}

/// <summary>A server as a plane sees it.</summary>
/// <param name="Key">Ours.</param>
/// <param name="Id">The plane's.</param>
/// <param name="State">What it does.</param>
/// <param name="Detail">Why, when it is in error.</param>
/// <param name="NotEnforced">What of the flavor or volume this plane cannot enforce here, in words (for example without root); empty: all is.</param>
public sealed record Server(string Key, string Id, CloudServerState State, string? Detail, IReadOnlyList<string> NotEnforced);

/// <summary>What a server does.</summary>
public enum CloudServerState
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>On its way.</summary>
    Building,

    /// <summary>Runs.</summary>
    Active,

    /// <summary>Exists, and does not run.</summary>
    Stopped,

    /// <summary>Failed.</summary>
    Error,
}

/// <summary>A size of server.</summary>
/// <param name="Id">As users name it.</param>
/// <param name="Name">For people.</param>
/// <param name="MemoryMb">Memory.</param>
/// <param name="Vcpus">Processors.</param>
/// <param name="DiskGb">Root disk; 0 where there is none.</param>
public sealed record CloudFlavor(string Id, string Name, int MemoryMb, int Vcpus, int DiskGb);
