using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local;

/// <summary>What the local plane is told.</summary>
public sealed record LocalPlaneOptions
{
    /// <summary>The service's state folder. Everything of this plane lies below <c>local/</c> in it.</summary>
    public required string StatePath { get; init; }

    /// <summary>The published agent executable. Its folder is shown, read-only, to servers that have an image.</summary>
    public required string AgentProgram { get; init; }

    /// <summary>
    /// Why servers are plain processes on this machine, as <see cref="LocalPlane.WhyNotIsolatedAsync"/> found; null: they are kept apart by
    /// namespaces, volumes and control groups of their own.
    /// </summary>
    public string? NotIsolatedBecause { get; init; }

    /// <summary>The sizes on offer.</summary>
    public IReadOnlyList<CloudFlavor> Flavors { get; init; } =
    [
        new("1", "m1.tiny", 512, 1, 0),
        new("2", "m1.small", 1024, 1, 0),
        new("3", "m1.medium", 2048, 2, 0),
        new("4", "m1.large", 4096, 2, 0),
        new("5", "m1.xlarge", 8192, 4, 0),
        new("6", "d1.nano", 256, 1, 0),
        new("7", "d1.tiny", 512, 1, 0),
        new("8", "d1.small", 768, 1, 0),
        new("9", "d1.medium", 1024, 2, 0),
        new("10", "d1.large", 2048, 1, 0),
    ];

    /// <summary>The zones on offer. They are names only: there is one machine.</summary>
    public IReadOnlyList<string> Zones { get; init; } = ["nova"];

    /// <summary>
    /// The /24 for the servers, for example <c>10.99.5.0/24</c>; null: the first free one of 10.88.0.0/16. Remembered once taken.
    /// </summary>
    public string? Subnet { get; init; }

    /// <summary>Images by name: each a root file system directory. It is only ever read.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The database user id of a server is this plus the low 24 bits of its address: unique among all services of the machine.
    /// </summary>
    public int UserIdBase { get; init; } = 200_000;
}
