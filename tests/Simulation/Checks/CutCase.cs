using Dbaas.Simulation.Running;

namespace Dbaas.Simulation.Checks;

/// <summary>One course of events that must end the same wherever it is cut off.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Kind">The kind of operation that it is about.</param>
/// <param name="Arrange">What is there before, undisturbed.</param>
/// <param name="Act">What is asked for, and what goes wrong. It is given what <paramref name="Arrange"/> returned.</param>
/// <param name="Expect">What the row of the named instance is to be at the end, in words of the fingerprint; each must occur.</param>
public sealed record CutCase(
    string Name, string Kind, Func<World, Task<string[]>> Arrange, Func<World, string[], Task> Act, params string[] Expect)
{
    /// <summary>Other workflows than the registered ones, for tests of the harness.</summary>
    public WorkflowChange? Change { get; init; }

    /// <summary>
    /// What happens in it is told by how long somebody was silent. A step of the clock ends that, and so the course ends another way.
    /// </summary>
    public bool IsAboutSilence { get; init; }

    /// <summary>It is begun by a schedule: looking at schedules is a part of the course.</summary>
    public bool IsBySchedule { get; init; }

    /// <inheritdoc />
    public override string ToString() => Name;
}
