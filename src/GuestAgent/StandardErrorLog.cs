using System.Text;
using Dbaas.GuestAgent.Processes;

namespace Dbaas.GuestAgent;

/// <summary>
/// Lines on standard error; whoever starts the agent keeps them. Where that is a file, it and the one before it are all there ever is: the
/// file that is large gets another name, and a new one takes its place, also for whatever else writes on this process' standard error.
/// </summary>
internal sealed class StandardErrorLog
{
    public const long Largest = 16 << 20;

    private readonly Lock gate = new();
    private readonly string? path = Descriptors.FileOf(Descriptors.StandardError);
    private Stream stream = Console.OpenStandardError();
    private long length;

    public StandardErrorLog() => length = path is null ? 0 : new FileInfo(path).Length;

    public void Write(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        lock (gate)
        {
            if (path is not null && length >= Largest)
            {
                Turn(path);
            }

            TryWrite(bytes);
            length += bytes.Length;
        }
    }

    /// <summary>A line that finds no room is lost. Whoever had something to say goes on.</summary>
    private void TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (IOException)
        {
            // There is nobody else to tell.
        }
    }

    private void Turn(string file)
    {
        length = 0;
        try
        {
            File.Move(file, file + ".1", overwrite: true);
            Descriptors.Reopen(Descriptors.StandardError, file);
            stream.Dispose();
            stream = Console.OpenStandardError();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryWrite(Encoding.UTF8.GetBytes($"This log cannot be given another name: {e.Message}\n"));
        }
    }
}
