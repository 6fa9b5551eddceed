namespace Dbaas.Persistence.Rows;

/// <summary>When an instance's server was last looked at. Times are Unix milliseconds of the database's clock.</summary>
public sealed record WatchedServer
{
    /// <summary>The instance.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>When it was last seen; null: never.</summary>
    public long? Seen { get; init; }

    /// <summary>Since when the plane says that there is no such server; null: it does not.</summary>
    public long? MissingSince { get; init; }
}
