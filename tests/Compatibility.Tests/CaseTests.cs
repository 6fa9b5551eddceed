using System.Text.Json.Nodes;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.Compatibility.Tests;

/// <summary>
/// Each file is a request and the answer that Trove's clients expect. In paths and bodies <c>{master}</c>, <c>{slave}</c>, <c>{group}</c>
/// stand for what was there before; in expected bodies <c>"*"</c> matches anything, <c>"*date"</c> a date, and an object with a member
/// <c>"…"</c> may have others than those named.
/// </summary>
public sealed class CaseTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "cases"), "*.json").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task An_answer_is_what_clients_expect(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "cases", file), CancellationToken.None);
        await using var api = await TestApi.StartAsync(TestApi.Relaxed with { RateLimitPerMinute = 200 });
        var there = await ArrangeAsync(api);
        await using var agent = new FakeAgent(api, there["master"]);
        foreach (var (name, value) in there)
        {
            text = text.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        var one = JsonNode.Parse(text)!;
        var reply = await api.SendAsync(
            one["method"]!.GetValue<string>(),
            one["path"]!.GetValue<string>(),
            one["body"]?.ToJsonString(),
            one["token"]?.GetValue<string>() ?? TestApi.Member);

        Assert.True(reply.Status == one["status"]!.GetValue<int>(), $"{reply.Status}: {reply.Body}");
        if (one["expected"] is { } expected)
        {
            BodyMatch.Check(expected, reply.Json, "");
        }
        else
        {
            Assert.Equal("", reply.Body);
        }
    }

    private static async Task<Dictionary<string, string>> ArrangeAsync(TestApi api)
    {
        var group = (await api.PostAsync(
            "/configurations",
            """{"configuration": {"name": "g", "values": {"max_connections": 100}, "datastore": {"type": "mysql", "version": "9.7"}}}"""))
            .Expect(200)["configuration"]!["id"]!.GetValue<string>();
        var master = await api.CreateReadyAsync("master", more: """, "datastore": {"type": "mysql", "version": "9.7"} """);
        var slave = await api.CreateSlaveAsync(master, "slave2");
        await api.FinishAsync(slave);
        return new Dictionary<string, string> { ["group"] = group, ["master"] = master, ["slave"] = slave };
    }
}
