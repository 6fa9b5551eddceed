namespace Dbaas.GuestAgent.Files;

/// <summary>
/// One agent at a time for one state folder: two would act on the same database. Freed by the kernel, however the agent ends.
/// </summary>
internal static class AgentLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <exception cref="IOException">Another agent has it.</exception>
    public static async Task<IDisposable> TakeAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "agent.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(LookEvery, time, cancellationToken);
            }
        }
    }
}
