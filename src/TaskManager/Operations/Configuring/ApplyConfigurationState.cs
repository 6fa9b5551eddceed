namespace Dbaas.TaskManager.Operations.Configuring;

/// <summary>What the operation remembers.</summary>
public sealed record ApplyConfigurationState
{
    /// <summary>The version that the instance's row asked for when the values were read; null: they were not yet.</summary>
    public long? Version { get; init; }

    /// <summary>The values, as the engine takes them.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>The database runs with the values that it had before, and would refuse these again.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The parameters that come with the next start.</summary>
    public IReadOnlyList<string> WaitForRestart { get; init; } = [];
}
