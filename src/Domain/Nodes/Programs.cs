namespace Dbaas.Domain.Nodes;

/// <summary>The programs of the control plane, as nodes are called after them.</summary>
public static class Programs
{
    /// <summary>All in one.</summary>
    public const string Standalone = "standalone";

    /// <summary>The API.</summary>
    public const string TroveApi = "trove-api";

    /// <summary>The task manager, with the gateway of the guests.</summary>
    public const string TaskManager = "task-manager";
}
