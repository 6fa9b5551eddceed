namespace Dbaas.Hosting;

/// <summary>Who may use a state folder at once: one service that is all in one, or any number of nodes.</summary>
public static class ServiceLock
{
    /// <exception cref="IOException">Another service has this folder.</exception>
    public static IDisposable TakeAlone(string statePath) => Take(statePath, FileAccess.ReadWrite, FileShare.None);

    /// <exception cref="IOException">A service that is all in one has this folder.</exception>
    public static IDisposable TakeWithOthers(string statePath) => Take(statePath, FileAccess.Read, FileShare.Read);

    private static FileStream Take(string statePath, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(Path.Combine(statePath, "service.lock"), FileMode.OpenOrCreate, access, share);
        }
        catch (IOException e)
        {
            throw new IOException($"Another service is using the state folder {statePath}.", e);
        }
    }
}
