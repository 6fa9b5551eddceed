using System.Globalization;
using Dbaas.Cloud.Hosts;

namespace Dbaas.Cloud.Local.Host;

/// <summary>
/// One call at a time for each key, among all processes of this machine that share the plane. Keys share a fixed number of files, so that
/// nothing grows with the number of keys ever seen.
/// </summary>
internal sealed class SharedLocks(string folder, TimeProvider time)
{
    private const uint Files = 64;
    private readonly KeyedLock _here = new();

    /// <summary>Waits as long as its caller does: what another one does under it, such as growing a volume, may take hours.</summary>
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
            return new Held(
                here, await FileLock.TakeAsync(Path.Combine(folder, name), time, cancellationToken, Timeout.InfiniteTimeSpan));
        }
        catch
        {
            here.Dispose();
            throw;
        }
    }

    private sealed class Held(IDisposable here, FileLock among) : IDisposable
    {
        public void Dispose()
        {
            among.Dispose();
            here.Dispose();
        }
    }
}
