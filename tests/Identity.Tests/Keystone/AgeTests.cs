namespace Dbaas.Identity.Tests.Keystone;

/// <summary>How long an answer of Keystone is relied on.</summary>
public sealed class AgeTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private TestValidator _identity = null!;

    public async ValueTask InitializeAsync()
    {
        _identity = await TestValidator.StartAsync();
        _identity.Keystone.Know("good", roles: ["member", "reader"]);
    }

    public ValueTask DisposeAsync() => _identity.DisposeAsync();

    [Fact]
    public async Task The_holder_is_who_keystone_says()
    {
        var caller = (await _identity.ReadAsync("good"))!;

        Assert.Equal(("u1", "alice", "p1", "shop"), (caller.UserId, caller.UserName, caller.ProjectId, caller.ProjectName));
        Assert.Equal(["member", "reader"], caller.Roles);
        Assert.Equal(_identity.Time.Now + TimeSpan.FromHours(1), caller.ExpiresAt);
    }

    [Fact]
    public async Task A_token_for_no_project_has_a_holder_without_project_and_roles()
    {
        _identity.Keystone.Know("unscoped", project: null);

        var caller = (await _identity.ReadAsync("unscoped"))!;

        Assert.Equal(("u1", null), (caller.UserId, caller.ProjectId));
        Assert.Empty(caller.Roles);
    }

    [Fact]
    public async Task Reads_rely_on_an_answer_for_a_minute()
    {
        await _identity.ReadAsync("good");

        _identity.Time.Now += TimeSpan.FromSeconds(60) - Moment;
        Assert.NotNull(await _identity.ReadAsync("good"));
        Assert.Equal(1, _identity.Keystone.Questions);

        _identity.Time.Now += Moment;
        Assert.NotNull(await _identity.ReadAsync("good"));
        Assert.Equal(2, _identity.Keystone.Questions);
    }

    [Fact]
    public async Task Changes_rely_on_an_answer_for_five_seconds_and_what_they_learn_serves_reads()
    {
        await _identity.ReadAsync("good");

        _identity.Time.Now += TimeSpan.FromSeconds(5) - Moment;
        Assert.NotNull(await _identity.ChangeAsync("good"));
        Assert.Equal(1, _identity.Keystone.Questions);

        _identity.Time.Now += Moment;
        Assert.NotNull(await _identity.ChangeAsync("good"));
        Assert.Equal(2, _identity.Keystone.Questions);

        _identity.Time.Now += TimeSpan.FromSeconds(59);
        Assert.NotNull(await _identity.ReadAsync("good"));
        Assert.Equal(2, _identity.Keystone.Questions);
    }

    [Fact]
    public async Task A_revoked_token_changes_nothing_after_five_seconds_and_reads_nothing_once_that_is_known()
    {
        await _identity.ChangeAsync("good");
        _identity.Keystone.Known.Clear();

        _identity.Time.Now += TimeSpan.FromSeconds(5);
        Assert.NotNull(await _identity.ReadAsync("good"));
        Assert.Null(await _identity.ChangeAsync("good"));
        Assert.Null(await _identity.ReadAsync("good"));
    }

    [Fact]
    public async Task Whose_role_was_taken_away_has_it_no_more_after_five_seconds()
    {
        await _identity.ChangeAsync("good");
        _identity.Keystone.Know("good", roles: "reader");

        _identity.Time.Now += TimeSpan.FromSeconds(5);

        Assert.Equal(["reader"], (await _identity.ChangeAsync("good"))!.Roles);
    }

    [Fact]
    public async Task That_a_token_is_nobodys_is_relied_on_for_ten_seconds()
    {
        Assert.Null(await _identity.ReadAsync("later"));
        _identity.Keystone.Know("later", roles: "member");

        _identity.Time.Now += TimeSpan.FromSeconds(10) - Moment;
        Assert.Null(await _identity.ReadAsync("later"));
        Assert.Null(await _identity.ChangeAsync("later"));
        Assert.Equal(1, _identity.Keystone.Questions);

        _identity.Time.Now += Moment;
        Assert.NotNull(await _identity.ChangeAsync("later"));
    }

    [Fact]
    public async Task No_answer_is_relied_on_beyond_the_tokens_own_end()
    {
        _identity.Keystone.Know("short", lifetime: TimeSpan.FromSeconds(30), roles: "member");
        Assert.NotNull(await _identity.ReadAsync("short"));

        _identity.Time.Now += TimeSpan.FromSeconds(30) - Moment;
        Assert.NotNull(await _identity.ReadAsync("short"));

        _identity.Time.Now += Moment;
        Assert.Null(await _identity.ReadAsync("short"));
        Assert.Null(await _identity.ChangeAsync("short"));
    }

    [Theory]
    [InlineData("2026-01-01T00:30:00")]
    [InlineData("2026-01-01T00:30:00.000000Z")]
    [InlineData("2026-01-01T02:30:00+02:00")]
    public async Task A_tokens_end_is_universal_time_where_keystone_names_no_zone(string ends)
    {
        var zone = Environment.GetEnvironmentVariable("TZ");
        try
        {
            SetZone("Asia/Tokyo");
            _identity.Keystone.Known["good"]["token"]!["expires_at"] = ends;

            Assert.Equal(_identity.Time.Now + TimeSpan.FromMinutes(30), (await _identity.ReadAsync("good"))!.ExpiresAt);
        }
        finally
        {
            SetZone(zone);
        }

        static void SetZone(string? name)
        {
            Environment.SetEnvironmentVariable("TZ", name);
            TimeZoneInfo.ClearCachedData();
        }
    }

    [Fact]
    public async Task An_answer_is_as_old_as_its_question()
    {
        _identity.Keystone.Fault = context =>
        {
            _identity.Time.Now += context.Request.Method == "GET" ? TimeSpan.FromSeconds(6) : TimeSpan.Zero;
            return Task.FromResult(false);
        };

        await _identity.CannotSayAsync(() => _identity.ChangeAsync("good"));

        Assert.NotNull(await _identity.ReadAsync("good"));
        Assert.Equal(1, _identity.Keystone.Questions);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_no_answer_younger()
    {
        await _identity.ReadAsync("good");

        _identity.Time.SetBack(TimeSpan.FromHours(1));
        _identity.Time.Now += TimeSpan.FromSeconds(60);
        await _identity.ReadAsync("good");

        Assert.Equal(2, _identity.Keystone.Questions);
    }
}
