using System.Globalization;
using Dbaas.Cloud.Hosts;

namespace Dbaas.Cloud.Local.Host;

/// <summary>
/// One call at a time for each key, among all processes of this machine that share the plane. Keys share a fixed number of files, so that
/// nothing grows with the number of keys ever seen. The kernel lets go of a lock when its holder dies.
/// </summary>
internal sealed class SharedLocks(string folder, TimeProvider time)
{
    private const uint Files = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly KeyedLock _here = new();

    public async Task<IDisposable> TakeAsync(string key, CancellationToken cancellationToken)
    {
        // The same in every process, unlike a hash of .NET's. Within this one it waits in line, and without a look every moment.
        var slot = key.Aggregate(0u, (sum, one) => unchecked((sum * 31) + one)) % Files;
        var name = slot.ToString("00", CultureInfo.InvariantCulture);
        var here = await _here.TakeAsync(name, cancellationToken);
        try
        {
            Folders.MakePrivate(Path.GetDirectoryName(folder)!);
            Folders.MakePrivate(folder);
            while (true)
            {
                try
                {
                    var path = Path.Combine(folder, name);
                    return new Held(here, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                }
                catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
                {
                    await Task.Delay(Pause, time, cancellationToken);
                }
            }
        }
        catch
        {
            here.Dispose();
            throw;
        }
    }

    private sealed class Held(IDisposable here, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            here.Dispose();
        }
    }
}
