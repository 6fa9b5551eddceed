using System.Globalization;
using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>
/// Gives memory back that only work or the start needed: the agent shares a small server with its database, and rests most of its life.
/// Code and metadata that are used again come back from the page cache, a fault each.
/// </summary>
internal static partial class RestingMemory
{
    private const int DoNotNeed = 4;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20);

    /// <summary>Looks again and again; acts only while <paramref name="atRest"/> says so.</summary>
    public static async Task KeepSmallAsync(Func<bool> atRest, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Every, time, cancellationToken);
            if (atRest())
            {
                GiveBack();
            }
        }
    }

    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = MallocTrim(0);
        foreach (var (start, length) in UnchangedFilePages())
        {
            _ = Advise(start, length, DoNotNeed);
        }
    }

    /// <summary>
    /// Parts of files that are mapped without the right to write and of which no page was ever changed (by a relocation, say):
    /// dropping those loses nothing.
    /// </summary>
    private static IEnumerable<(nint Start, nint Length)> UnchangedFilePages()
    {
        (nint Start, nint Length)? mapping = null;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var range, ['r' or '-' or 'w', _, _, _] rights, _, _, _, ..])
            {
                mapping = rights[1] != 'w' && words is [_, _, _, _, _, ['/', ..] path, ..] && !path.StartsWith("/memfd:", StringComparison.Ordinal)
                    ? Range(range)
                    : null;
            }
            else if (words is ["Anonymous:", "0", ..] && mapping is { } unchanged)
            {
                yield return unchanged;
            }
        }
    }

    private static (nint Start, nint Length) Range(string range)
    {
        var ends = Array.ConvertAll(range.Split('-'), end => nint.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return (ends[0], ends[1] - ends[0]);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nint pad);
}
