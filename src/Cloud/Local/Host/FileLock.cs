using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Host;

/// <summary>A lock between processes. The kernel lets go of it when its holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    public static async Task<FileLock> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
            {
                if (time.GetElapsedTime(start) > Patience)
                {
                    throw new CloudException(
                        $"A lock of this plane was not to be had for {Patience.TotalSeconds:0} s.", isTransient: true, e, details: path);
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public void Dispose() => _stream.Dispose();
}
