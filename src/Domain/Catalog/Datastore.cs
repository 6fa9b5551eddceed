namespace Dbaas.Domain.Catalog;

/// <summary>A kind of database that can be had.</summary>
public sealed record Datastore
{
    /// <summary>Id.</summary>
    public string Id { get; init; } = "";

    /// <summary>For example <c>mariadb</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The version that is meant when none is named.</summary>
    public string? DefaultVersionId { get; init; }
}

/// <summary>A version of a datastore.</summary>
public sealed record DatastoreVersion
{
    /// <summary>Id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its datastore.</summary>
    public string DatastoreId { get; init; } = "";

    /// <summary>Its datastore's name.</summary>
    public string DatastoreName { get; init; } = "";

    /// <summary>For example <c>10.11</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Trove's <c>version_number</c>.</summary>
    public string Number { get; init; } = "";

    /// <summary>What its servers run: the compute plane's word for an image; empty: the plane's default.</summary>
    public string Image { get; init; } = "";

    /// <summary>The port that its servers listen on.</summary>
    public int Port { get; init; }

    /// <summary>It can be asked for.</summary>
    public bool Active { get; init; }
}

/// <summary>A size of server, as last listed by the compute plane.</summary>
public sealed record Flavor
{
    /// <summary>As users name it.</summary>
    public string Id { get; init; } = "";

    /// <summary>For people.</summary>
    public string Name { get; init; } = "";

    /// <summary>Memory.</summary>
    public int MemoryMb { get; init; }

    /// <summary>Processors.</summary>
    public int Vcpus { get; init; }

    /// <summary>Root disk in GB.</summary>
    public int DiskGb { get; init; }
}

/// <summary>A kind of volume that the compute plane offers.</summary>
public sealed record VolumeKind
{
    /// <summary>The plane's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>As users ask for it.</summary>
    public string Name { get; init; } = "";

    /// <summary>More; or null.</summary>
    public string? Description { get; init; }
}
