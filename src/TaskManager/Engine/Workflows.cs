using System.Collections.Frozen;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Engine;

/// <summary>All workflows by kind and version. An old version stays until no operation of it is active.</summary>
public sealed class Workflows(IReadOnlyCollection<IWorkflow> workflows)
{
    private readonly FrozenDictionary<(string Kind, int Version), IWorkflow> all =
        workflows.ToFrozenDictionary(workflow => (workflow.Kind, workflow.Version));

    /// <summary>What this build can work on: its versions of each kind, and what has not begun.</summary>
    public IReadOnlyList<KnownOperation> Known { get; } =
    [
        .. workflows.Select(workflow => new KnownOperation { Kind = workflow.Kind, Version = workflow.Version }),
        .. workflows.Select(workflow => workflow.Kind).Distinct().Select(kind => new KnownOperation { Kind = kind, Version = 0 }),
    ];

    /// <summary>Whether this build can work on an operation of this kind and version.</summary>
    public bool Knows(string kind, int version) => Known.Any(one => one.Kind == kind && one.Version == version);

    /// <summary>The workflow of an operation; version 0 is one that has not begun, and gets the newest.</summary>
    public IWorkflow Find(string kind, int version)
    {
        var found = version == 0
            ? all.Values.Where(workflow => workflow.Kind == kind).MaxBy(workflow => workflow.Version)
            : all.GetValueOrDefault((kind, version));
        return found ?? throw new InvalidOperationException($"This build has no workflow {kind} of version {version}.");
    }
}
