namespace Dbaas.Datastores.Contract;

/// <summary>A program to run. No shell is involved; secrets go by standard input or a file, never by argument or environment.</summary>
/// <param name="Program">Name or path.</param>
/// <param name="Arguments">One string each.</param>
public sealed record ProcessSpec(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The user id to run under; null: the agent's own.</summary>
    public int? UserId { get; init; }

    /// <summary>The folder to run in; null: the root.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Of a server: a file that it makes at its start, and removes only when it ends in good order; null: there is none. It proves how a
    /// server ended that outlived the agent which started it.
    /// </summary>
    public string? RemovedAtEnd { get; init; }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">128 + n for an end by signal n.</param>
/// <param name="ErrorTail">The last 8 KiB of what it wrote to its standard error.</param>
public sealed record ProcessResult(int ExitCode, string ErrorTail);

/// <summary>Runs programs. Cancelling ends the program (SIGTERM, after 5 s SIGKILL) and waits for its end.</summary>
public interface IProcesses
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">What to run.</param>
    /// <param name="input">Feeds its standard input; null: none.</param>
    /// <param name="output">Takes its standard output while it runs; null: thrown away.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ProcessResult> RunAsync(
        ProcessSpec program,
        Func<Stream, CancellationToken, Task>? input,
        Func<Stream, CancellationToken, Task>? output,
        CancellationToken cancellationToken);
}
