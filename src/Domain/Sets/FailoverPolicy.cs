namespace Dbaas.Domain.Sets;

/// <summary>What becomes of a replica set whose master does not answer any more.</summary>
public enum FailoverPolicy
{
    /// <summary>Nothing, until somebody asks for it.</summary>
    Manual,

    /// <summary>A slave takes its place by itself.</summary>
    Automatic,
}
