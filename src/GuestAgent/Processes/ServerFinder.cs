namespace Dbaas.GuestAgent.Processes;

/// <summary>
/// Marks a server's process in its environment, and finds it again: whatever became of the record, there is never a second one.
/// </summary>
/// <param name="mark">Tells this agent's server from others on the machine.</param>
internal sealed class ServerFinder(string mark)
{
    private const string StartKeyVariable = "DBAAS_SERVER_START";
    private const string OwnerVariable = "DBAAS_SERVER_OF";

    public Dictionary<string, string> Environment(string startKey)
    {
        var environment = CommandLines.Environment(StartKeyVariable, startKey);
        environment[OwnerVariable] = mark;
        return environment;
    }

    /// <summary>A process that runs; null: none does.</summary>
    public ProcessId? Find(string? startKey) =>
        ProcessTable.FindByEnvironment(OwnerVariable, mark) is [var own, ..] ? own
            // Agents before this one marked the start only.
            : startKey is not null && ProcessTable.FindByEnvironment(StartKeyVariable, startKey) is [var found, ..] ? found
            : null;
}
