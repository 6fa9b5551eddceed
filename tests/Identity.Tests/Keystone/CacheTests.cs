using Dbaas.Identity.Keystone;
using Dbaas.Testing;

namespace Dbaas.Identity.Tests.Keystone;

/// <summary>What is remembered, and who asks.</summary>
public sealed class CacheTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private TestValidator _identity = null!;

    public async ValueTask InitializeAsync()
    {
        _identity = await TestValidator.StartAsync();
        _identity.Keystone.Know("good", roles: "member");
    }

    public ValueTask DisposeAsync() => _identity.DisposeAsync();

    [Fact]
    public async Task Requests_with_one_token_at_the_same_time_ask_once()
    {
        var answer = HoldAnswers();
        var requests = Enumerable.Range(0, 20)
            .Select(i => i % 2 == 0 ? _identity.ReadAsync("good") : _identity.ChangeAsync("good"))
            .ToList();
        await Eventually.HoldsAsync("Keystone is asked", Patience, () => _identity.Keystone.Questions > 0);

        answer.SetResult(false);

        Assert.All(await Task.WhenAll(requests), caller => Assert.Equal("u1", caller!.UserId));
        Assert.Equal((1, 1), (_identity.Keystone.Logins.Count, _identity.Keystone.Questions));
    }

    [Fact]
    public async Task A_request_that_is_given_up_takes_the_answer_from_nobody_else()
    {
        var answer = HoldAnswers();
        using var gaveUp = new CancellationTokenSource();
        var first = _identity.ReadAsync("good", gaveUp);
        var second = _identity.ReadAsync("good");
        await Eventually.HoldsAsync("Keystone is asked", Patience, () => _identity.Keystone.Questions > 0);

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(false);

        Assert.NotNull(await second);
        Assert.Equal(1, _identity.Keystone.Questions);
    }

    [Fact]
    public async Task Tokens_are_told_apart()
    {
        _identity.Keystone.Know("other", project: "p2", roles: "reader");

        var callers = await Task.WhenAll(_identity.ReadAsync("good"), _identity.ReadAsync("other"), _identity.ReadAsync("goo"));

        Assert.Equal(["p1", "p2", null], callers.Select(caller => caller?.ProjectId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("not-äscii")]
    public async Task What_can_be_no_token_is_nobodys_and_keystone_is_not_asked(string token)
    {
        Assert.Null(await _identity.ReadAsync(token));
        Assert.Null(await _identity.ReadAsync(new string('a', 5000)));

        Assert.Equal(0, _identity.Keystone.Questions);
    }

    [Fact]
    public async Task What_is_remembered_is_bounded_and_made_up_tokens_push_no_users_out()
    {
        using var cache = new TokenCache();
        var caller = new Caller("u1", "alice", "p1", "shop", ["member"], DateTimeOffset.MaxValue);
        cache.Keep("a user's", new TokenAnswer(caller, 0));

        for (var i = 0; i < 5 * TokenCache.Capacity; i++)
        {
            cache.Keep($"made up {i}", new TokenAnswer(null, 0));
        }

        await Eventually.HoldsAsync("no more than fit are remembered", Patience, () => cache.Count <= TokenCache.Capacity);
        Assert.NotNull(cache.Find("a user's"));
    }

    private TaskCompletionSource<bool> HoldAnswers()
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _identity.Keystone.Fault = context => context.Request.Method == "GET" ? answer.Task : Task.FromResult(false);
        return answer;
    }
}
