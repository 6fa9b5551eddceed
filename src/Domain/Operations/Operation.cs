namespace Dbaas.Domain.Operations;

/// <summary>A long-running piece of work on an instance, carried out step by step. Times are Unix milliseconds.</summary>
public sealed record Operation
{
    /// <summary>Chosen by who asks for it.</summary>
    public string Id { get; init; } = "";

    /// <summary>One of <see cref="OperationKinds"/>: the name of its workflow.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The version of the workflow that it began with, and ends with.</summary>
    public int WorkflowVersion { get; init; }

    /// <summary>The instance that it is about, or whose history tells of it: a backup's operations name what it was taken of.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>The kind of what it is about.</summary>
    public SubjectKind SubjectKind { get; init; }

    /// <summary>What it is about; null: the instance.</summary>
    public string? SubjectId { get; init; }

    /// <summary>What it is about.</summary>
    public Subject Subject => SubjectId is { } id ? new Subject(SubjectKind, id) : Subject.Instance(InstanceId);

    /// <summary>How it stands.</summary>
    public OperationStatus Status { get; init; }

    /// <summary>What is wanted, as JSON; null once it has ended, since it may hold secrets.</summary>
    public string? Goal { get; init; }

    /// <summary>What the workflow remembers, as JSON; null before the first save and once it has ended.</summary>
    public string? State { get; init; }

    /// <summary>The step that it is at, counted from 0.</summary>
    public int StepIndex { get; init; }

    /// <summary>The name of that step.</summary>
    public string StepName { get; init; } = "";

    /// <summary>How many steps there are.</summary>
    public int StepCount { get; init; }

    /// <summary>How many moves its steps have made: what is asked of a guest in one of them is not what is asked in another.</summary>
    public long Moves { get; init; }

    /// <summary>How often this step was tried without success.</summary>
    public int Attempts { get; init; }

    /// <summary>When this step was begun, by the database's clock: its time limit counts from here.</summary>
    public long StepStarted { get; init; }

    /// <summary>When to look again, by the database's clock.</summary>
    public long Due { get; init; }

    /// <summary>The worker that has claimed it.</summary>
    public string? Owner { get; init; }

    /// <summary>Until when, by the database's clock.</summary>
    public long? LeaseUntil { get; init; }

    /// <summary>Raised by every claim; every save names it, and fails when another claim came between.</summary>
    public long Claim { get; init; }

    /// <summary>Why it is being undone, or failed.</summary>
    public string? Fault { get; init; }

    /// <summary>
    /// Who wants it to be given up: it undoes itself at its next step, where there is a way back. The id of an operation that waits for its
    /// instance, or of a request that wants nothing else.
    /// </summary>
    public string? SupersededBy { get; init; }

    /// <summary>The request that asked for it, by the id that its caller was told; null: upkeep began it.</summary>
    public string? RequestId { get; init; }

    /// <summary>Where that request came from; null: upkeep began it.</summary>
    public string? ClientIp { get; init; }

    /// <summary>The trace that it belongs to, as W3C's header writes it; null: to none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When it was asked for.</summary>
    public long Created { get; init; }

    /// <summary>When it ended.</summary>
    public long? Ended { get; init; }
}

/// <summary>How an operation stands.</summary>
public enum OperationStatus
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Going back.</summary>
    Undoing,

    /// <summary>Ended as wanted.</summary>
    Succeeded,

    /// <summary>Ended, and everything that it made is gone again; or abandoned, which its instance's fault and the history say.</summary>
    Failed,
}
