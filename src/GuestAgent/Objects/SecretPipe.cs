using System.Runtime.InteropServices;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// Gives a secret to one program by the name of a pipe: the secret is on no disk, in no argument and in no environment. Its folder is the
/// agent's alone.
/// </summary>
internal sealed partial class SecretPipe : IDisposable
{
    /// <summary>The beginning of the names.</summary>
    public const string Prefix = "secret-";

    private const int WriteNonBlockingCloseOnExec = 0x1 | 0x800 | 0x80000;
    private const uint OwnerOnly = 0b110_000_000;

    private static readonly TimeSpan OpenWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly string secret;

    private SecretPipe(string path, string secret) => (Path, this.secret) = (path, secret);

    public string Path { get; }

    public static SecretPipe Make(string path, string secret) => MakeFifo(path, OwnerOnly) == 0
        ? new SecretPipe(path, secret)
        : throw new IOException($"The pipe {path} cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");

    /// <summary>Removes what an agent that was killed left behind: names without content.</summary>
    public static void Sweep(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, $"{Prefix}*"))
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes the name. Nothing to do when it is gone.</summary>
    public void Dispose() => File.Delete(Path);

    /// <summary>Waits for the program to open it, gives it the secret, and removes the name.</summary>
    public async Task GiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(OpenWithin);
            while (true)
            {
                var pipe = Open(Path, WriteNonBlockingCloseOnExec);
                if (!pipe.IsInvalid)
                {
                    // It has room for more than a key.
                    await using var stream = new FileStream(pipe, FileAccess.Write, bufferSize: 0);
                    stream.Write(Encoding.ASCII.GetBytes(secret + "\n"));
                    return;
                }

                pipe.Dispose();

                // Nobody reads it yet.
                await Task.Delay(LookEvery, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DatastoreException(FaultKind.Transient, $"Nothing read the key within {OpenWithin.TotalSeconds:0} s.");
        }
        finally
        {
            Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
