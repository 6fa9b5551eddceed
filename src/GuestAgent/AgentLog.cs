using System.Globalization;

namespace Dbaas.GuestAgent;

/// <summary>Lines on standard error; whoever starts the agent keeps them.</summary>
internal static class AgentLog
{
    public static Action<string> To(TextWriter writer, TimeProvider time)
    {
        var synchronized = TextWriter.Synchronized(writer);
        return line =>
            synchronized.WriteLine($"{time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} {line}");
    }
}
