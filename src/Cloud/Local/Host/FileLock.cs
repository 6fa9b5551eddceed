using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Host;

/// <summary>A lock between processes. The kernel lets go of it when its holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    // EWOULDBLOCK: another one has it. Anything else (a full disk) is said at once, in the system's own words.
    private const int IsHeld = 11;

    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <param name="path">The file. Its folder is made.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="patience">How long another holder is waited for; null: half a minute.</param>
    /// <exception cref="CloudException">Another one has held it for so long.</exception>
    /// <exception cref="IOException">The file cannot be had, whoever holds it.</exception>
    public static async Task<FileLock> TakeAsync(
        string path, TimeProvider time, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var most = patience ?? UsualPatience;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e.HResult == IsHeld)
            {
                if (most != Timeout.InfiniteTimeSpan && time.GetElapsedTime(start) > most)
                {
                    throw new CloudException(
                        $"A lock of this plane was not to be had for {most.TotalSeconds:0} s.", isTransient: true, e, details: path);
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public void Dispose() => _stream.Dispose();
}
