using System.Globalization;

namespace Dbaas.GuestAgent;

/// <summary>Lines with their time.</summary>
internal static class AgentLog
{
    public static Action<string> To(StandardErrorLog log, TimeProvider time) =>
        line => log.Write($"{time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} {line}\n");
}
