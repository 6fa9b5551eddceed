using System.Diagnostics;
using Dbaas.Testing;
using Dbaas.Testing.Metrics;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Too_many_requests_of_one_verb_are_put_off_with_troves_answer()
    {
        using var counted = new MeterRecord(ApiMeter.Name);
        await using var api = await TestApi.StartAsync(TestApi.Relaxed with { RateLimitPerMinute = 3 });
        for (var i = 0; i < 3; i++)
        {
            (await api.GetAsync("/flavors")).Expect(200);
        }

        var refused = await api.GetAsync("/flavors");

        Assert.NotEmpty(counted.Of("dbaas.api.rate_limited", "method", "GET"));
        refused.ExpectFault(413, "This request was rate-limited.");
        Assert.Equal("Only 3 GET request(s) can be made to * every minute.", refused.Json["overLimit"]!["details"]!.GetValue<string>());
        Assert.Equal(refused.Headers.RetryAfter!.ToString(), refused.Json["overLimit"]!["retryAfter"]!.GetValue<string>());
        (await api.PostAsync("/instances", "{}")).ExpectFault(400, "instance");
        (await api.GetAsync("/flavors", "blue-member")).Expect(200);
    }

    [Fact]
    public async Task The_bucket_fills_again_steadily()
    {
        var limits = new RateLimits(new TroveApiOptions { RateLimitPerMinute = 600 });
        var watch = Stopwatch.StartNew();
        var taken = 0;
        while (limits.Count("t", "GET") is null)
        {
            taken++;
        }

        // What came back meanwhile was taken too.
        Assert.InRange(taken, 600, 600 + (watch.Elapsed.TotalSeconds * 10) + 1);
        Assert.InRange(limits.Count("t", "GET")!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100));
        Assert.Null(limits.Count("another", "GET"));
        Assert.Null(limits.Count("t", "PATCH"));
        await Eventually.SeeAsync(
            "permits come back", TimeSpan.FromSeconds(30), () => Task.FromResult(limits.Remaining("t", "GET")), left => left >= 3);
        Assert.Null(limits.Count("t", "GET"));
    }
}
