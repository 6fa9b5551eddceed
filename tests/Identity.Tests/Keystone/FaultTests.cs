using Microsoft.AspNetCore.Http;

namespace Dbaas.Identity.Tests.Keystone;

/// <summary>Keystone away, slow, or wrong about something: nobody is let in, and nobody is called an impostor.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private TestValidator _identity = null!;

    public async ValueTask InitializeAsync()
    {
        _identity = await TestValidator.StartAsync();
        _identity.Keystone.Know("good", roles: "member");
    }

    public ValueTask DisposeAsync() => _identity.DisposeAsync();

    [Fact]
    public async Task While_keystone_is_away_reads_go_on_for_a_minute_and_changes_do_not()
    {
        await _identity.ReadAsync("good");
        GoAway();

        _identity.Time.Now += TimeSpan.FromSeconds(59);
        await _identity.CannotSayAsync(() => _identity.ChangeAsync("good"));
        Assert.NotNull(await _identity.ReadAsync("good"));

        _identity.Time.Now += TimeSpan.FromSeconds(1);
        await _identity.CannotSayAsync(() => _identity.ReadAsync("good"));
        await _identity.CannotSayAsync(() => _identity.ReadAsync("unknown"));
    }

    [Fact]
    public async Task When_keystone_is_back_nothing_of_its_absence_is_remembered()
    {
        GoAway();
        await _identity.CannotSayAsync(() => _identity.ReadAsync("good"));

        _identity.Keystone.Fault = _ => Task.FromResult(false);

        Assert.NotNull(await _identity.ChangeAsync("good"));
        Assert.Null(await _identity.ReadAsync("unknown"));
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"token": {"user": {"id": "u1"}}}""")]
    [InlineData(204, "")]
    [InlineData(302, "")]
    [InlineData(400, "")]
    [InlineData(403, """{"error": {"code": 403}}""")]
    [InlineData(404, "<html>no backend</html>")]
    [InlineData(404, "{}")]
    [InlineData(429, "")]
    [InlineData(500, """{"error": {"code": 500}}""")]
    [InlineData(503, "")]
    public async Task An_answer_that_says_nothing_about_the_token_lets_nobody_in_and_is_not_remembered(int status, string body)
    {
        _identity.Keystone.Fault = context => context.Request.Method == "GET" ? AnswerAsync(context, status, body) : Task.FromResult(false);

        await _identity.CannotSayAsync(() => _identity.ReadAsync("good"));
        await _identity.CannotSayAsync(() => _identity.ReadAsync("unknown"));
        _identity.Keystone.Fault = _ => Task.FromResult(false);

        Assert.NotNull(await _identity.ReadAsync("good"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_login_that_fails_lets_nobody_in(int status)
    {
        _identity.Keystone.Fault = context => context.Request.Method == "POST"
            ? AnswerAsync(context, status, "{}")
            : Task.FromResult(false);

        await _identity.CannotSayAsync(() => _identity.ReadAsync("good"));

        Assert.Equal(0, _identity.Keystone.Questions);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(502)]
    public async Task A_failure_that_passes_at_once_is_noticed_by_nobody(int status)
    {
        var failures = 1;
        _identity.Keystone.Fault = context => Interlocked.Decrement(ref failures) >= 0
            ? FailAsync(context, status)
            : Task.FromResult(false);

        Assert.NotNull(await _identity.ReadAsync("good"));
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_waited_for_no_longer_than_a_call_may_take()
    {
        await using var impatient = await TestValidator.StartAsync(TimeSpan.FromMilliseconds(300));
        impatient.Keystone.Fault = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };

        await impatient.CannotSayAsync(() => impatient.ReadAsync("good"))
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Our_own_token_is_replaced_when_it_is_refused_and_the_question_asked_again()
    {
        await _identity.ReadAsync("good");
        _identity.Keystone.ForgetOwn();

        _identity.Time.Now += TimeSpan.FromSeconds(5);
        Assert.NotNull(await _identity.ChangeAsync("good"));

        Assert.Equal((2, 3), (_identity.Keystone.Logins.Count, _identity.Keystone.Questions));
    }

    [Fact]
    public async Task Our_own_token_is_replaced_before_it_ends()
    {
        _identity.Keystone.Know("good", lifetime: TimeSpan.FromDays(1), roles: "member");
        await _identity.ReadAsync("good");

        _identity.Time.Now += _identity.Keystone.OwnLifetime - TimeSpan.FromMinutes(1);
        Assert.NotNull(await _identity.ReadAsync("good"));

        Assert.Equal((2, 2), (_identity.Keystone.Logins.Count, _identity.Keystone.Questions));
    }

    [Fact]
    public async Task A_keystone_that_refuses_even_a_new_token_of_ours_calls_nobody_an_impostor()
    {
        _identity.Keystone.Fault = context => context.Request.Method == "GET" ? AnswerAsync(context, 401, "{}") : Task.FromResult(false);

        await _identity.CannotSayAsync(() => _identity.ReadAsync("good"));

        Assert.Equal((2, 2), (_identity.Keystone.Logins.Count, _identity.Keystone.Questions));
    }

    [Fact]
    public async Task A_trouble_is_logged_once_and_so_is_its_end_without_anything_secret()
    {
        GoAway();
        for (var i = 0; i < 3; i++)
        {
            await _identity.CannotSayAsync(() => _identity.ReadAsync("good"));
        }

        Assert.Single(Errors, line => line.Contains("does not answer", StringComparison.Ordinal));
        _identity.Keystone.Fault = context => AnswerAsync(context, 401, "{}");
        await _identity.CannotSayAsync(() => _identity.ReadAsync("good"));
        Assert.Single(Errors, line => line.EndsWith("it does not accept this service's credentials", StringComparison.Ordinal));
        _identity.Keystone.Fault = _ => Task.FromResult(false);
        await _identity.ReadAsync("good");
        await _identity.ReadAsync("unknown");

        Assert.Equal(2, Errors.Count());
        Assert.Single(
            _identity.Log,
            line => line.StartsWith("Information", StringComparison.Ordinal) && line.EndsWith("answers again", StringComparison.Ordinal));
        Assert.All(_identity.Log, line => Assert.DoesNotMatch("pa55word|good|unknown|own-", line));
    }

    private IEnumerable<string> Errors => _identity.Log.Where(line => line.StartsWith("Error", StringComparison.Ordinal));

    private void GoAway() => _identity.Keystone.Fault = context => FailAsync(context, 0);

    /// <param name="context">The request.</param>
    /// <param name="status">0: the connection ends.</param>
    private static Task<bool> FailAsync(HttpContext context, int status)
    {
        if (status != 0)
        {
            return AnswerAsync(context, status, "");
        }

        context.Abort();
        return Task.FromResult(true);
    }

    private static async Task<bool> AnswerAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            await context.Response.WriteAsync(body);
        }

        return true;
    }
}
