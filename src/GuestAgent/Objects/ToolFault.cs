using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Objects;

/// <summary>A program whose bad end is a fault, in its own words.</summary>
internal static class ToolFault
{
    // Long enough for a program that is at its end.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs it. When who takes its output fails because that ends too early, the program's own reason is the one that counts.
    /// </summary>
    public static async Task RunAsync(
        IProcesses tools,
        ProcessSpec program,
        Func<Stream, CancellationToken, Task> input,
        Func<Stream, CancellationToken, Task> output,
        CancellationToken cancellationToken,
        FaultKind kind = FaultKind.Transient)
    {
        DatastoreException? behind = null;
        var result = await tools.RunAsync(
            program,
            input,
            async (stream, token) =>
            {
                try
                {
                    await output(stream, token);
                }
                catch (DatastoreException e) when (!token.IsCancellationRequested)
                {
                    if (!await IsAtEndAsync(stream, token))
                    {
                        throw;
                    }

                    behind = e;
                }
            },
            cancellationToken);
        if (result.ExitCode != 0)
        {
            const StringSplitOptions form = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
            var line = result.ErrorTail.Split('\n', form).FirstOrDefault();
            throw new DatastoreException(kind, $"{program.Program} ended with exit code {result.ExitCode}: {line}");
        }

        if (behind is not null)
        {
            throw behind;
        }
    }

    private static async Task<bool> IsAtEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(EndWithin);
        try
        {
            return await stream.ReadAsync(new byte[1], deadline.Token) == 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
