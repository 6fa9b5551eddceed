using System.Text.Json;
using Dbaas.Standalone.Configuration;

namespace Dbaas.Standalone.Hosting;

/// <summary>One service to a state folder; and what others may know of it (<c>service.json</c>).</summary>
internal static class ServiceLock
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

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

    public static void WriteFacts(string statePath, ServiceSettings settings) => File.WriteAllText(
        Path.Combine(statePath, "service.json"),
        JsonSerializer.Serialize(
            new { pid = Environment.ProcessId, apiPort = settings.ApiPort, identityPort = settings.IdentityPort, address = settings.ListenAddress },
            Form));
}
