namespace Dbaas.Datastores.MySql.Replication;

/// <summary>A run of the backup tool failed.</summary>
/// <param name="what">What happened, as the beginning of a sentence.</param>
/// <param name="reason">The tool's own words.</param>
internal sealed class CopyFailedException(string what, string reason) : Exception(what)
{
    /// <summary>The tool's own words.</summary>
    public string Reason => reason;

    /// <summary>The server came round its redo log before the tool had read it.</summary>
    public bool IsOverrun { get; init; }
}
