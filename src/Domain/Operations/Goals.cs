namespace Dbaas.Domain.Operations;

/// <summary>What a create-instance operation is to make beyond what the instance's row says.</summary>
public sealed record CreateInstanceGoal
{
    /// <summary>Databases to make.</summary>
    public IReadOnlyList<WantedDatabase> Databases { get; init; } = [];

    /// <summary>Users to make.</summary>
    public IReadOnlyList<WantedUser> Users { get; init; } = [];

    /// <summary>The configuration group's values, as the engine takes them.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();
}

/// <summary>A database to make.</summary>
public sealed record WantedDatabase(string Name, string? CharacterSet, string? Collate);

/// <summary>A user to make.</summary>
public sealed record WantedUser(string Name, string Password, string? Host, IReadOnlyList<string> Databases)
{
    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Name}@{Host ?? "%"}";
}

/// <summary>Which master a create-slave operation attaches to.</summary>
public sealed record CreateSlaveGoal
{
    /// <summary>The master.</summary>
    public required string MasterId { get; init; }

    /// <summary>The configuration group's values, as the engine takes them.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();
}

/// <summary>Which master a slave is taken off; null for an instance that follows nobody.</summary>
public sealed record LeaveMasterGoal(string? MasterId);
