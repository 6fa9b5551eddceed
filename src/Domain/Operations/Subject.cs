namespace Dbaas.Domain.Operations;

/// <summary>What an operation owns or shares.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id, unlike that of any other subject of whatever kind.</param>
public readonly record struct Subject(SubjectKind Kind, string Id)
{
    /// <summary>An instance.</summary>
    public static Subject Instance(string id) => new(SubjectKind.Instance, id);

    /// <summary>A backup.</summary>
    public static Subject Backup(string id) => new(SubjectKind.Backup, id);

    /// <summary>An archived log.</summary>
    public static Subject Log(string id) => new(SubjectKind.Log, id);

    /// <summary>What is published of a log.</summary>
    public static Subject GuestLog(string id) => new(SubjectKind.GuestLog, id);
}

/// <summary>The kinds of subjects.</summary>
public enum SubjectKind
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>An instance.</summary>
    Instance,

    /// <summary>A backup.</summary>
    Backup,

    /// <summary>An archived log.</summary>
    Log,

    /// <summary>What is published of a log.</summary>
    GuestLog,
}
