using System.Text.Json;
using Dbaas.Domain.Logs;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TroveApi.Logs;

/// <summary>A log in Trove's words.</summary>
internal static class LogView
{
    /// <summary>As Trove writes it. What is published is read by this API, and lies in no container of the user's.</summary>
    private const string None = "None";

    public static void Write(Utf8JsonWriter json, (GuestLog Log, LogStanding Standing) one)
    {
        json.WriteString("name", one.Log.Name);
        json.WriteString("type", one.Log.IsChosen ? "USER" : "SYS");
        json.WriteString("status", one.Standing.Status);
        json.WriteNumber("published", one.Standing.Published);
        json.WriteNumber("pending", one.Standing.Pending);
        json.WriteString("container", None);
        json.WriteString("prefix", None);
        json.WriteString("metafile", None);
    }
}
