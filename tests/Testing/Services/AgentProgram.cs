namespace Dbaas.Testing.Services;

/// <summary>The published guest agent, as <c>./dbaas test</c> names it: publishing takes a minute, and no test does it.</summary>
public static class AgentProgram
{
    private const string Variable = "DBAAS_AGENT";

    /// <summary>Its path.</summary>
    /// <exception cref="InvalidOperationException">Nobody named one.</exception>
    public static string Path => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? given
        : throw new InvalidOperationException(
            $"{Variable} names no published agent: `./dbaas test` sets it; artifacts/agent has those that were published.");
}
