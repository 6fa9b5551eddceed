using System.Text.Json.Nodes;

namespace Dbaas.Cloud.Local.Servers;

/// <summary>All that is needed to start a server again, after the agent died, the service was restarted or the machine was.</summary>
internal sealed record ServerRecord
{
    public required string Key { get; init; }

    public required string VolumeKey { get; init; }

    public string PortKey { get; init; } = "";

    public required string Address { get; init; }

    /// <summary>The size that it has.</summary>
    public string FlavorId { get; init; } = "";

    /// <summary>The size to go back to; null: no resize waits to be confirmed.</summary>
    public string? OldFlavorId { get; init; }

    /// <summary>How many times the agent's folder was made anew, counted from 1.</summary>
    public int Build { get; init; } = 1;

    public required int MemoryMb { get; init; }

    public required int Cpus { get; init; }

    /// <summary>Null: the service's own.</summary>
    public required int? UserId { get; init; }

    /// <summary>A root file system directory; null: the host's own file system.</summary>
    public required string? Image { get; init; }

    /// <summary>As the caller gave it.</summary>
    public required JsonObject Bootstrap { get; init; }

    /// <summary>It is not to run until it is started.</summary>
    public bool Stopped { get; init; }

    /// <summary>It is being deleted: never to be started again.</summary>
    public bool Deleting { get; init; }
}
