namespace Dbaas.Testing.Services;

/// <summary>The programs of one release.</summary>
/// <param name="TroveApi">The API.</param>
/// <param name="TaskManager">The task manager.</param>
/// <param name="Agent">The published agent.</param>
public sealed record Release(string TroveApi, string TaskManager, string Agent)
{
    /// <summary>Those that the tests were built with.</summary>
    public static Release Ours => new(Repository.TroveApi, Repository.TaskManager, AgentProgram.Path);
}
