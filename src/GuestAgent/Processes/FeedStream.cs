using System.IO.Pipes;
using System.Runtime.InteropServices;
using Dbaas.GuestAgent.Streams;

namespace Dbaas.GuestAgent.Processes;

/// <summary>A program's standard input, which remembers whether a failed write was the program's doing.</summary>
internal sealed class FeedStream(Stream pipe) : WriteOnlyStream, ISpliceTarget
{
    public bool ReaderHasGone { get; private set; }

    public SafeHandle? Pipe => (pipe as PipeStream)?.SafePipeHandle;

    public void Passed(long bytes)
    {
    }

    public void LostReader() => ReaderHasGone = true;

    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            pipe.Write(buffer, offset, count);
        }
        catch (IOException)
        {
            ReaderHasGone = true;
            throw;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await pipe.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            ReaderHasGone = true;
            throw;
        }
    }

    public override void Flush() => pipe.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => pipe.FlushAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await pipe.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            pipe.Dispose();
        }

        base.Dispose(disposing);
    }
}
