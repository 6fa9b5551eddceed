using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Tests.Harness;

namespace Dbaas.TroveApi.Tests;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Too_many_requests_of_one_verb_are_put_off_with_troves_answer()
    {
        await using var api = await TestApi.StartAsync(TestApi.Relaxed with { RateLimitPerMinute = 3 });
        for (var i = 0; i < 3; i++)
        {
            (await api.GetAsync("/flavors")).Expect(200);
        }

        var refused = await api.GetAsync("/flavors");

        refused.ExpectFault(413, "This request was rate-limited.");
        Assert.Equal("Only 3 GET request(s) can be made to * every minute.", refused.Json["overLimit"]!["details"]!.GetValue<string>());
        Assert.Equal(refused.Headers.RetryAfter!.ToString(), refused.Json["overLimit"]!["retryAfter"]!.GetValue<string>());
        (await api.PostAsync("/instances", "{}")).ExpectFault(400, "instance");
        (await api.GetAsync("/flavors", "blue-member")).Expect(200);
    }

    [Fact]
    public void The_bucket_leaks()
    {
        var clock = new Clock();
        var limits = new RateLimits(new TroveApiOptions { RateLimitPerMinute = 60 }, clock);
        for (var i = 0; i < 60; i++)
        {
            Assert.Null(limits.Count("t", "GET"));
        }

        Assert.Equal(1, limits.Count("t", "GET")!.Value.TotalSeconds, 3);
        clock.Now += TimeSpan.FromSeconds(2);
        Assert.Equal(2, limits.Remaining("t", "GET"));
        Assert.Null(limits.Count("t", "GET"));
        Assert.Null(limits.Count("t", "GET"));
        Assert.NotNull(limits.Count("t", "GET"));
        Assert.Null(limits.Count("t", "PATCH"));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
