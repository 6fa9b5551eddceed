using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Instances;

internal static class NicWords
{
    /// <summary>Reads <c>net-id=…,subnet-id=…,ip-address=…</c>.</summary>
    public static JsonObject Parse(string words)
    {
        var nic = new JsonObject();
        foreach (var word in words.Split(','))
        {
            var (key, value) = word.Split('=', 2) is [var left, var right] ? (left.Trim(), right.Trim()) : (word, "");
            var field = key switch
            {
                "net-id" => "net-id",
                "subnet-id" => "subnet_id",
                "ip-address" or "v4-fixed-ip" => "ip_address",
                _ => null,
            };
            if (field is null || value.Length == 0)
            {
                throw new UsageException($"--nic does not understand '{word}'. Form: net-id=<id>,subnet-id=<id>,ip-address=<address>");
            }

            nic[field] = value;
        }

        return nic;
    }
}
