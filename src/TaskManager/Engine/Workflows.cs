using System.Collections.Frozen;

namespace Dbaas.TaskManager.Engine;

/// <summary>All workflows by kind and version. An old version stays until no operation of it is active.</summary>
public sealed class Workflows(IEnumerable<IWorkflow> workflows)
{
    private readonly FrozenDictionary<(string Kind, int Version), IWorkflow> all =
        workflows.ToFrozenDictionary(workflow => (workflow.Kind, workflow.Version));

    /// <summary>The workflow of an operation; version 0 is one that has not begun, and gets the newest.</summary>
    public IWorkflow Find(string kind, int version)
    {
        var found = version == 0
            ? all.Values.Where(workflow => workflow.Kind == kind).MaxBy(workflow => workflow.Version)
            : all.GetValueOrDefault((kind, version));
        return found ?? throw new InvalidOperationException($"This build has no workflow {kind} of version {version}.");
    }
}
