using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Domain.Logs;

/// <summary>
/// What was published of a log of an instance: the row that its operations and readers meet on. Places are counted in bytes from the log's
/// beginning.
/// </summary>
public sealed record PublishedLog
{
    /// <summary>See <see cref="IdOf"/>.</summary>
    public string Id { get; init; } = "";

    /// <summary>Whose log it is.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The log's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where its objects are, below the store's own place: not to be guessed.</summary>
    public string Place { get; init; } = "";

    /// <summary>Up to here it is published.</summary>
    public long Reached { get; init; }

    /// <summary>How many bytes of the log were published.</summary>
    public long Published { get; init; }

    /// <summary>How many parts there ever were: the number of the next.</summary>
    public int Parts { get; init; }

    /// <summary>The operation that publishes it.</summary>
    public string? LockOwner { get; init; }

    /// <summary>It is gone with its instance; its place is to be looked at once more.</summary>
    public bool Deleted { get; init; }

    /// <summary>The one id of the log of this name of this instance.</summary>
    public static string IdOf(string instanceId, string name) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{instanceId}/{name}")).AsSpan(0, 16)).ToString("D");
}

/// <summary>One object of a published log.</summary>
public sealed record PublishedPart
{
    /// <summary>Rises with what is in it.</summary>
    public int Number { get; init; }

    /// <summary>The object's name.</summary>
    public string Object { get; init; } = "";

    /// <summary>How many lines it has.</summary>
    public int LineCount { get; init; }

    /// <summary>When it was published, in Unix milliseconds.</summary>
    public long Created { get; init; }
}
