using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.MySql.Files;

/// <summary>Tells how much somebody else has written into a folder, who does not say it.</summary>
internal static class Growth
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>While the work goes on.</summary>
    public static async Task WatchAsync(string folder, IJobProgress progress, TimeProvider time, Func<Task> work)
    {
        var (working, told) = (work(), 0L);
        do
        {
            await Task.WhenAny(working, Task.Delay(LookEvery, time));
            var size = SizeNow(folder);
            if (size > told)
            {
                progress.Advance(size - told);
                told = size;
            }
        }
        while (!working.IsCompleted);

        await working;
    }

    private static long SizeNow(string folder)
    {
        try
        {
            return OwnedFolder.SizeOf(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // It is not made yet.
            return 0;
        }
    }
}
