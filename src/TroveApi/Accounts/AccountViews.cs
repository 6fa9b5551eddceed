using System.Text.Json;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TroveApi.Accounts;

/// <summary>Users and databases in Trove's JSON.</summary>
internal static class AccountViews
{
    public static void WriteDatabases(Utf8JsonWriter json, IEnumerable<string> names)
    {
        json.WriteStartArray("databases");
        foreach (var name in names)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteUser(Utf8JsonWriter json, UserInfo user)
    {
        json.WriteString("name", user.Name);
        json.WriteString("host", user.Host);
        WriteDatabases(json, user.Databases);
    }
}
