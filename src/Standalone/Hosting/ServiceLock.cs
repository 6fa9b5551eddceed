namespace Dbaas.Standalone.Hosting;

/// <summary>One service to a state folder.</summary>
internal static class ServiceLock
{
    /// <exception cref="IOException">Another service has this folder.</exception>
    public static IDisposable Take(string statePath)
    {
        try
        {
            return new FileStream(Path.Combine(statePath, "service.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"Another service is using the state folder {statePath}.", e);
        }
    }
}
