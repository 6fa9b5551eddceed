namespace Dbaas.Identity.Tests;

public sealed class TokenTests : IAsyncLifetime
{
    private TestIdentity identity = null!;

    public async ValueTask InitializeAsync() => identity = await TestIdentity.StartAsync();

    public ValueTask DisposeAsync() => identity.DisposeAsync();

    [Fact]
    public async Task A_password_gives_a_token_with_roles_and_a_catalogue_that_names_the_database_api()
    {
        var (status, body, token) = await identity.LogInAsync("alice", "s3cret");

        Assert.Equal(201, status);
        var caller = await identity.Validator.ValidateAsync(token!, Freshness.ForReading, CancellationToken.None);
        Assert.Equal(("u1", "p1", "member"), (caller!.UserId, caller.ProjectId, caller.Roles.Single()));
        var content = body!["token"]!;
        Assert.Equal("2026-01-01T12:00:00.000000Z", content["expires_at"]!.GetValue<string>());
        Assert.Equal("Default", content["project"]!["domain"]!["name"]!.GetValue<string>());
        var database = content["catalog"]!.AsArray()
            .Single(service => service!["type"]!.GetValue<string>() == "database")!["endpoints"]!.AsArray();
        Assert.Equal(["public", "internal", "admin"], database.Select(endpoint => endpoint!["interface"]!.GetValue<string>()));
        Assert.All(database, endpoint => Assert.Equal("http://127.0.0.1:8779/v1.0/p1", endpoint!["url"]!.GetValue<string>()));
        Assert.All(database, endpoint => Assert.Equal("RegionOne", endpoint!["region"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{"project": {"name": "other", "domain": {"id": "default"}}}""", "p2")]
    [InlineData("""{"project": {"name": "other", "domain": {"name": "Default"}}}""", "p2")]
    [InlineData("""{"project": {"id": "p2"}}""", "p2")]
    [InlineData("\"unscoped\"", null)]
    [InlineData("""{"unscoped": {}}""", null)]
    public async Task A_token_is_for_the_project_that_was_asked_for(string scope, string? project)
    {
        var (status, body, token) = await identity.LogInAsync("alice", "s3cret", scope);

        Assert.Equal(201, status);
        Assert.Equal(project, (await identity.Validator.ValidateAsync(token!, Freshness.ForReading, CancellationToken.None))!.ProjectId);
        Assert.Equal(project is null, body!["token"]!["catalog"] is null);
    }

    [Theory]
    [InlineData("alice", "wrong", """{"project": {"id": "p1"}}""")]
    [InlineData("alice", "", """{"project": {"id": "p1"}}""")]
    [InlineData("nobody", "", """{"project": {"id": "p1"}}""")]
    [InlineData("nobody", "s3cret", """{"project": {"id": "p1"}}""")]
    [InlineData("root", "t0p", """{"project": {"id": "p2"}}""")]
    [InlineData("root", "t0p", """{"project": {"id": "none"}}""")]
    [InlineData("root", "t0p", """{"project": {"name": "demo", "domain": {"id": "elsewhere"}}}""")]
    [InlineData("root", "t0p", """{"system": {"all": true}}""")]
    public async Task A_wrong_login_is_keystones_401_and_says_nothing_more(string user, string password, string scope)
    {
        var (status, body, token) = await identity.LogInAsync(user, password, scope);

        Assert.Equal((401, null), (status, token));
        Assert.Equal("The request you have made requires authentication.", body!["error"]!["message"]!.GetValue<string>());
        Assert.Equal((401, "Unauthorized"), (body["error"]!["code"]!.GetValue<int>(), body["error"]!["title"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"auth": {"identity": {"methods": "password"}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": ["password"]}}}""")]
    [InlineData("""{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": 5, "password": "x"}}}}}""")]
    public async Task A_body_without_the_form_is_a_400(string body) => Assert.Equal(400, (await identity.PostAsync(body)).Status);

    [Fact]
    public async Task Another_method_is_refused_with_keystones_sentence()
    {
        var (status, body, token) = await identity.PostAsync(
            """{"auth": {"identity": {"methods": ["application_credential"], "application_credential": {"id": "a", "secret": "b"}}}}""");

        Assert.Equal((401, null), (status, token));
        Assert.Equal("Attempted to authenticate with an unsupported method.", body!["error"]!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_gives_a_token_for_another_project_that_ends_no_later()
    {
        var first = (await identity.LogInAsync("alice", "s3cret", "{\"unscoped\": {}}")).Token!;
        identity.Time.Now += TimeSpan.FromHours(1);

        var (status, body, token) = await identity.PostAsync(
            """{"auth": {"identity": {"methods": ["token"], "token": {"id": "TOKEN"}}, "scope": {"project": {"id": "p2"}}}}"""
                .Replace("TOKEN", first, StringComparison.Ordinal));

        Assert.Equal(201, status);
        Assert.Equal("p2", (await identity.Validator.ValidateAsync(token!, Freshness.ForReading, CancellationToken.None))!.ProjectId);
        Assert.Equal("2026-01-01T12:00:00.000000Z", body!["token"]!["expires_at"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_ends()
    {
        var token = (await identity.LogInAsync("alice", "s3cret")).Token!;

        identity.Time.Now += TimeSpan.FromHours(12);

        Assert.Null(await identity.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
        Assert.Equal(401, (await identity.SendAsync("GET", "/v3/auth/projects", token)).Status);
    }

    [Fact]
    public async Task A_revoked_token_is_good_no_more()
    {
        var token = (await identity.LogInAsync("alice", "s3cret")).Token!;

        Assert.Equal(200, (await identity.SendAsync("GET", "/v3/auth/tokens", token, token)).Status);
        Assert.Equal(204, (await identity.SendAsync("DELETE", "/v3/auth/tokens", token, token)).Status);

        Assert.Null(await identity.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
        Assert.Equal(401, (await identity.SendAsync("GET", "/v3/auth/tokens", token, token)).Status);
    }

    [Fact]
    public async Task A_revoked_token_stays_so_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("dbi");
        try
        {
            var file = Path.Combine(folder.FullName, "revoked.json");
            string token;
            await using (var before = await TestIdentity.StartAsync(revocations: file))
            {
                token = (await before.LogInAsync("alice", "s3cret")).Token!;
                await before.SendAsync("DELETE", "/v3/auth/tokens", token, token);
            }

            await using var after = await TestIdentity.StartAsync(revocations: file);
            Assert.Null(await after.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(file))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_token_that_was_given_back_to_one_process_is_nobodys_for_another()
    {
        var folder = Directory.CreateTempSubdirectory("dbaas-identity-");
        try
        {
            await using var one = await TestIdentity.StartAsync(revocations: folder.FullName);
            await using var other = await TestIdentity.StartAsync(revocations: folder.FullName);
            var token = (await one.LogInAsync("alice", "s3cret")).Token!;
            Assert.NotNull(await other.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));

            await one.SendAsync("DELETE", "/v3/auth/tokens", token, token);

            Assert.Null(await other.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_an_earlier_version_kept_of_tokens_that_were_given_back_still_counts()
    {
        var folder = Directory.CreateTempSubdirectory("dbaas-identity-");
        try
        {
            var path = Path.Combine(folder.FullName, "revoked");
            await File.WriteAllTextAsync(path + ".json", """{"abc":99999999999999}""", TestContext.Current.CancellationToken);
            await using var identity = await TestIdentity.StartAsync(revocations: path);
            _ = (await identity.LogInAsync("alice", "s3cret")).Token;

            Assert.Equal(["abc"], Directory.GetFiles(path).Select(Path.GetFileName));
            Assert.False(File.Exists(path + ".json"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_token_ends_with_the_password_that_it_was_given_for()
    {
        var token = (await identity.LogInAsync("alice", "s3cret")).Token!;
        await using var changed = await TestIdentity.StartAsync(password: "another");

        Assert.Null(await changed.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
    }

    [Fact]
    public async Task A_token_for_a_project_in_which_its_user_has_no_role_any_more_is_nobodys()
    {
        var token = (await identity.LogInAsync("alice", "s3cret")).Token!;
        await using var changed = await TestIdentity.StartAsync(aliceIn: "p3");

        Assert.Null(await changed.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
        Assert.NotNull(await identity.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
    }

    [Fact]
    public async Task Who_tries_passwords_has_to_wait()
    {
        var statuses = new List<int>();
        for (var attempt = 0; attempt < 25; attempt++)
        {
            statuses.Add((await identity.LogInAsync("alice", $"guess{attempt}")).Status);
        }

        Assert.All(statuses[..20], status => Assert.Equal(401, status));
        Assert.Contains(429, statuses);
        Assert.Equal(429, (await identity.LogInAsync("alice", "s3cret")).Status);
    }

    [Fact]
    public async Task A_login_is_small()
    {
        var (status, _, _) = await identity.LogInAsync("alice", new string('x', 100_000));

        Assert.Equal(413, status);
    }

    [Fact]
    public async Task A_token_outlives_a_restart_with_the_same_key_and_no_other()
    {
        var token = (await identity.LogInAsync("alice", "s3cret")).Token!;
        await using var again = await TestIdentity.StartAsync();
        await using var other = await TestIdentity.StartAsync([.. Enumerable.Repeat((byte)1, 32)]);

        Assert.NotNull(await again.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
        Assert.Null(await other.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all!")]
    public async Task What_is_no_token_is_nobody(string token) =>
        Assert.Null(await identity.Validator.ValidateAsync(token, Freshness.ForReading, CancellationToken.None));

    [Fact]
    public async Task A_changed_token_is_nobody()
    {
        var token = (await identity.LogInAsync("alice", "s3cret")).Token!.ToCharArray();

        token[40] = token[40] == 'A' ? 'B' : 'A';

        Assert.Null(await identity.Validator.ValidateAsync(new string(token), Freshness.ForReading, CancellationToken.None));
    }

    [Fact]
    public async Task Another_users_token_is_shown_to_administrators_only()
    {
        var alice = (await identity.LogInAsync("alice", "s3cret")).Token!;
        var root = (await identity.LogInAsync("root", "t0p")).Token!;

        Assert.Equal(200, (await identity.SendAsync("GET", "/v3/auth/tokens", root, alice)).Status);
        Assert.Equal(403, (await identity.SendAsync("GET", "/v3/auth/tokens", alice, root)).Status);
        Assert.Equal(404, (await identity.SendAsync("GET", "/v3/auth/tokens", root, "nonsense")).Status);
    }
}
