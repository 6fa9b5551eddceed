namespace Dbaas.Hosting;

/// <summary>Who may use a state folder at once: one service that is all in one, or any number of nodes.</summary>
public static class ServiceLock
{
    // EWOULDBLOCK: another one has it. Anything else (a full disk) is said in the system's own words.
    private const int IsHeld = 11;

    /// <exception cref="IOException">Another service has this folder, or there is none.</exception>
    public static IDisposable TakeAlone(string statePath) => Take(statePath, FileAccess.ReadWrite, FileShare.None);

    /// <exception cref="IOException">A service that is all in one has this folder, or there is none.</exception>
    public static IDisposable TakeWithOthers(string statePath) => Take(statePath, FileAccess.Read, FileShare.Read);

    private static FileStream Take(string statePath, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(Path.Combine(statePath, "service.lock"), FileMode.OpenOrCreate, access, share);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new IOException($"There is no state folder {statePath}.", e);
        }
        catch (IOException e) when (e.HResult == IsHeld)
        {
            throw new IOException($"Another service is using the state folder {statePath}.", e);
        }
    }
}
