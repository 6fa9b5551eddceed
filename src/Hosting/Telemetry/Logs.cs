using Dbaas.Hosting.Configuration;
using Microsoft.Extensions.Logging;

namespace Dbaas.Hosting.Telemetry;

/// <summary>The log, on standard output: whoever starts the program keeps it.</summary>
internal static class Logs
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static void Write(ILoggingBuilder logging, LogFormat format)
    {
        logging.ClearProviders().AddFilter("Microsoft", LogLevel.Warning);
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = Timestamp;
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = Timestamp + " ";
            });
        }
    }
}
