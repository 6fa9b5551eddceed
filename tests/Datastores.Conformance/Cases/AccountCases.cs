using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Databases, users and access. The tests share one server and use names of their own.</summary>
[Needs("accounts")]
public abstract class AccountCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The user's request is over after 15 s: by then it is known that nothing happens any more.</summary>
    [Fact]
    public async Task A_client_that_holds_a_lock_is_named_in_time_and_nothing_happens_later()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.CreateDatabasesAsync([new DatabaseSpec("held")], None);
        var user = new UserSpec("holder", "holder's", Databases: ["held"]);
        await server.Accounts.CreateUsersAsync([user], None);
        await fixture.ExecuteAsync(server, fixture.Words.DoNothing);
        await using (var client = await fixture.ConnectAsync(server, "holder", "holder's", "held"))
        {
            await client.ExecuteAsync(fixture.Words.CreateTable);
            await client.ExecuteAsync(fixture.Words.Begin);
            await client.ExecuteAsync(fixture.Words.ReadTable);
            var watch = System.Diagnostics.Stopwatch.StartNew();

            var fault = await Faults.IsAsync(FaultKind.Transient, () => server.Accounts.DeleteDatabaseAsync("held", None));

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(14), $"{watch.Elapsed}");
            Assert.Contains("holder", fault.Message, StringComparison.Ordinal);
            await client.ExecuteAsync(fixture.Words.ReadTable);
        }

        Assert.Contains("held", (await server.Accounts.ListDatabasesAsync(new ListDatabases(1000, null), None)).Databases);
        await server.Accounts.DeleteDatabaseAsync("held", None);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("qu'ote")]
    [InlineData("back`tick")]
    [InlineData("d\"ouble")]
    [InlineData("ünïcödé")]
    [InlineData("per%cent")]
    [InlineData("under_score")]
    [InlineData("back\\slash")]
    [InlineData("semi;--")]
    [InlineData("a.b")]
    public async Task Odd_names_and_passwords_come_back_as_they_were(string name)
    {
        var server = await fixture.AloneAsync();
        var user = new UserSpec(name, $"pass {name} \0\n\r\t\\ ' \" `", Databases: [name]);

        await server.Accounts.CreateDatabasesAsync([new DatabaseSpec(name)], None);
        await server.Accounts.CreateUsersAsync([user], None);

        var seen = await server.Accounts.GetUserAsync(name, "%", None);
        Assert.Equal([name], seen.Databases);
        Assert.Contains(name, (await server.Accounts.ListDatabasesAsync(new ListDatabases(1000, null), None)).Databases);
        await server.Accounts.RevokeAccessAsync(new RevokeAccess(name, "%", name), None);
        Assert.Empty((await server.Accounts.GetUserAsync(name, "%", None)).Databases);
        await server.Accounts.DeleteUserAsync(name, "%", None);
        await server.Accounts.DeleteDatabaseAsync(name, None);
    }

    [Theory]
    [InlineData("';DROP-- \\' \" ` ünï % _ #")]
    [InlineData("asda\"cvvv")]
    [InlineData("l\\<ZM][a\\Fx1U*v")]
    [InlineData("#x y and # z")]
    [InlineData("*0123456789ABCDEF0123456789ABCDEF01234567")]
    [InlineData(" blanks at both ends ")]
    public async Task A_password_of_any_content_lets_its_user_in(string content)
    {
        var server = await fixture.AloneAsync();
        var password = fixture.Secret(content);
        await server.Accounts.CreateUsersAsync([new UserSpec("odd", password, Databases: [DatastoreFixture.Database])], None);

        await using (await fixture.ConnectAsync(server, "odd", password))
        {
        }

        var changed = fixture.Secret("another \\\\ one'");
        await server.Accounts.ChangePasswordsAsync([new UserSpec("odd", changed)], None);
        await using (await fixture.ConnectAsync(server, "odd", changed))
        {
        }

        await Assert.ThrowsAnyAsync<Exception>(() => fixture.ConnectAsync(server, "odd", password));
        await server.Accounts.DeleteUserAsync("odd", "%", None);
    }

    [Fact]
    public async Task Access_to_one_database_is_not_access_to_one_with_a_similar_name()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.CreateDatabasesAsync([new DatabaseSpec("a_c"), new DatabaseSpec("abc")], None);
        await server.Accounts.CreateUsersAsync([new UserSpec("similar", "password", Databases: ["a_c", DatastoreFixture.Database])], None);
        await using var client = await fixture.ConnectAsync(server, "similar", "password");

        await client.ExecuteAsync(fixture.Words.CreateTableIn("a_c", "mine"));

        await Assert.ThrowsAnyAsync<Exception>(() => client.ExecuteAsync(fixture.Words.CreateTableIn("abc", "theirs")));
    }

    [Fact]
    public async Task Of_a_list_all_are_made_or_none()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.CreateDatabasesAsync([new DatabaseSpec("first")], None);
        await server.Accounts.CreateUsersAsync([new UserSpec("first", "password")], None);

        await Faults.IsAsync(
            FaultKind.Precondition,
            () => server.Accounts.CreateDatabasesAsync([new DatabaseSpec("second"), new DatabaseSpec("first")], None));
        await Faults.IsAsync(
            FaultKind.Precondition,
            () => server.Accounts.CreateDatabasesAsync([new DatabaseSpec("second"), new DatabaseSpec("third", "no_such_set")], None));
        await Faults.IsAsync(
            FaultKind.Precondition,
            () => server.Accounts.CreateUsersAsync([new UserSpec("second", "password"), new UserSpec("first", "password")], None));
        await Faults.IsAsync(
            FaultKind.NotFound,
            () => server.Accounts.ChangePasswordsAsync([new UserSpec("first", "other"), new UserSpec("nobody", "other")], None));

        Assert.DoesNotContain("second", (await server.Accounts.ListDatabasesAsync(new ListDatabases(1000, null), None)).Databases);
        await Faults.IsAsync(FaultKind.NotFound, () => server.Accounts.GetUserAsync("second", "%", None));
        await server.Accounts.GrantAccessAsync(new GrantAccess("first", "%", [DatastoreFixture.Database]), None);
        await using (await fixture.ConnectAsync(server, "first", "password"))
        {
        }
    }

    [Fact]
    public async Task Ensuring_twice_leaves_what_is_there()
    {
        var server = await fixture.AloneAsync();
        DatabaseSpec[] databases = [new("ensured", "utf8mb4", "utf8mb4_general_ci")];
        UserSpec[] users = [new("ensured", "password", "%", ["ensured", DatastoreFixture.Database])];

        await server.Accounts.EnsureAsync(databases, users, None);
        await server.Accounts.EnsureAsync(databases, [users[0] with { Password = "another" }], None);

        await using var client = await fixture.ConnectAsync(server, "ensured", "password");
    }

    [Fact]
    public async Task Pages_are_in_order_and_complete()
    {
        var server = await fixture.AloneAsync();
        var names = Enumerable.Range(1, 5).Select(i => $"paged{i}").ToList();
        await server.Accounts.CreateDatabasesAsync([.. names.Select(name => new DatabaseSpec(name))], None);
        await server.Accounts.CreateUsersAsync([.. names.Select(name => new UserSpec(name, "password", "10.0.0.%"))], None);

        var first = await server.Accounts.ListDatabasesAsync(new ListDatabases(2, "paged"), None);
        var second = await server.Accounts.ListDatabasesAsync(new ListDatabases(1000, first.NextMarker), None);
        var users = await server.Accounts.ListUsersAsync(new ListUsers(2, "paged2@10.0.0.%"), None);

        Assert.Equal(["paged1", "paged2"], first.Databases);
        Assert.Equal("paged2", first.NextMarker);
        Assert.Equal(["paged3", "paged4", "paged5"], second.Databases.Take(3));
        Assert.Null(second.NextMarker);
        Assert.Equal(["paged3", "paged4"], users.Users.Select(user => user.Name));
        Assert.Equal("paged4@10.0.0.%", users.NextMarker);
    }

    [Fact]
    public async Task The_engines_own_are_hidden_and_cannot_be_touched()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.EnableRootAsync("password", None);

        var databases = (await server.Accounts.ListDatabasesAsync(new ListDatabases(1000, null), None)).Databases;
        var users = (await server.Accounts.ListUsersAsync(new ListUsers(1000, null), None)).Users.Select(user => user.Name).ToList();

        Assert.Empty(databases.Intersect(fixture.Own.Databases));
        Assert.DoesNotContain("root", users);
        Assert.DoesNotContain(users, name => fixture.Own.UserPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        await Faults.IsAsync(FaultKind.Precondition, () => server.Accounts.DeleteUserAsync("root", "localhost", None));
        foreach (var name in fixture.Own.Databases.Concat(fixture.Own.Spellings))
        {
            var user = new UserSpec("x", "password", Databases: [name]);
            await Faults.IsAsync(FaultKind.Precondition, () => server.Accounts.DeleteDatabaseAsync(name, None));
            await Faults.IsAsync(FaultKind.Precondition, () => server.Accounts.CreateDatabasesAsync([new DatabaseSpec(name)], None));
            await Faults.IsAsync(FaultKind.Precondition, () => server.Accounts.CreateUsersAsync([user], None));
            await Faults.IsAsync(FaultKind.Precondition, () => server.Accounts.EnsureAsync([], [user], None));
        }
    }

    [Fact]
    public async Task Only_names_as_the_service_gives_them_are_reserved()
    {
        var server = await fixture.AloneAsync();
        foreach (var name in fixture.Own.ReservedUsers)
        {
            await Faults.IsAsync(FaultKind.Precondition, () => server.Accounts.CreateUsersAsync([new UserSpec(name, "password")], None));
        }

        foreach (var name in fixture.Own.UsersLikeThem)
        {
            await server.Accounts.CreateUsersAsync([new UserSpec(name, "password")], None);
            await server.Accounts.DeleteUserAsync(name, "%", None);
        }
    }

    [Fact]
    public async Task Names_that_the_engine_does_not_take_are_refused()
    {
        var server = await fixture.AloneAsync();

        foreach (var name in new[] { "", new string('u', fixture.UserNameLimit + 1), new string('u', 300), "nul\0", "🦭" })
        {
            await Faults.IsAsync(FaultKind.Precondition, () => server.Accounts.CreateUsersAsync([new UserSpec(name, "password")], None));
        }

        foreach (var name in new[] { "", new string('d', 65), fixture.Own.Databases[0], "🦭" })
        {
            await Faults.IsAsync(FaultKind.Precondition, () => server.Accounts.CreateDatabasesAsync([new DatabaseSpec(name)], None));
        }

        await server.Accounts.CreateUsersAsync([new UserSpec(new string('u', fixture.UserNameLimit), "password")], None);
    }

    [Fact]
    public async Task A_user_is_renamed_with_its_access_and_gets_a_new_password()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.CreateUsersAsync(
            [new UserSpec("before", "old", "%", [DatastoreFixture.Database]), new UserSpec("taken", "password")], None);

        await Faults.IsAsync(
            FaultKind.Precondition, () => server.Accounts.UpdateUserAsync(new UpdateUser("before", "%", "taken", null, null), None));
        await server.Accounts.UpdateUserAsync(new UpdateUser("before", "%", "after", null, "new"), None);

        Assert.Equal([DatastoreFixture.Database], (await server.Accounts.GetUserAsync("after", "%", None)).Databases);
        await Faults.IsAsync(FaultKind.NotFound, () => server.Accounts.GetUserAsync("before", "%", None));
        await using var client = await fixture.ConnectAsync(server, "after", "new");
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.CreateUsersAsync([new UserSpec("lonely", "password")], None);

        await Faults.IsAsync(FaultKind.NotFound, () => server.Accounts.DeleteDatabaseAsync("none", None));
        await Faults.IsAsync(FaultKind.NotFound, () => server.Accounts.DeleteUserAsync("none", "%", None));
        await Faults.IsAsync(FaultKind.NotFound, () => server.Accounts.UpdateUserAsync(new UpdateUser("none", "%", "x", null, null), None));
        await Faults.IsAsync(FaultKind.NotFound, () => server.Accounts.GrantAccessAsync(new GrantAccess("lonely", "%", ["none"]), None));
        await Faults.IsAsync(
            FaultKind.NotFound, () => server.Accounts.GrantAccessAsync(new GrantAccess("none", "%", [DatastoreFixture.Database]), None));
        await Faults.IsAsync(
            FaultKind.NotFound, () => server.Accounts.RevokeAccessAsync(new RevokeAccess("lonely", "%", DatastoreFixture.Database), None));
    }

    [Fact]
    public async Task Root_comes_with_his_last_password_and_goes_with_his_connections()
    {
        var server = await fixture.AloneAsync();
        await server.Accounts.EnableRootAsync("first", None);
        await server.Accounts.EnableRootAsync("second", None);
        await Assert.ThrowsAnyAsync<Exception>(() => fixture.ConnectAsync(server, "root", "first"));
        await using (var client = await fixture.ConnectAsync(server, "root", "second"))
        {
            await server.Accounts.DisableRootAsync(None);
            await Assert.ThrowsAnyAsync<Exception>(() => client.ExecuteAsync(fixture.Words.DoNothing));
        }

        await server.Accounts.DisableRootAsync(None);
        await Assert.ThrowsAnyAsync<Exception>(() => fixture.ConnectAsync(server, "root", "second"));
    }
}
