using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Dbaas.TroveApi.Tests.Harness;

/// <summary>What came back.</summary>
public sealed record Reply(int Status, string Body, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The fault's message.</summary>
    public string Message => Json.AsObject().First().Value!["message"]!.GetValue<string>();

    /// <summary>The fault's name.</summary>
    public string Fault => Json.AsObject().First().Key;

    public JsonNode Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");
        return Body.Length == 0 ? new JsonObject() : Json;
    }

    public void ExpectFault(int status, string message)
    {
        _ = Expect(status);
        Assert.Contains(message, Message, StringComparison.Ordinal);
        Assert.Equal(status, Json[Fault]!["code"]!.GetValue<int>());
    }
}
