using System.Text.Json.Nodes;
using Dbaas.Testing;

namespace Dbaas.Hosting.Tests;

/// <summary>What nodes of one control plane are told.</summary>
internal static class NodeSettings
{
    public const string MasterKey = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    public const string OtherMasterKey = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    public static JsonObject Api(string home, string name, string database) => new()
    {
        ["Home"] = home,
        ["NodeName"] = name,
        ["MasterKey"] = MasterKey,
        ["Database"] = new JsonArray(database),
        ["ApiPort"] = FreePort.Find(),
        ["IdentityPort"] = FreePort.Find(),
        ["RateLimitPerMinute"] = 0,
        ["UnreadySeconds"] = 0,
        ["Users"] = new JsonArray(new JsonObject { ["Name"] = "alice", ["Password"] = "secret", ["Project"] = "one" }),
    };
}
