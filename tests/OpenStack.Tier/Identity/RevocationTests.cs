using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Testing;

namespace Dbaas.OpenStack.Tier.Identity;

/// <summary>Tokens that are good no more.</summary>
[Collection(KeystoneCollection.Name)]
public sealed class RevocationTests(KeystoneFixture service)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_revoked_token_changes_nothing_after_five_seconds()
    {
        var user = await service.Accounts.MakeAsync("member");
        var token = await user.LogInAsync();

        await ChangesEndAsync(user, token, 401, () => RevokeAsync(token));

        Assert.Equal(401, await service.ReadAsync(user, token));
    }

    [Fact]
    public async Task A_disabled_user_changes_nothing_after_five_seconds()
    {
        var user = await service.Accounts.MakeAsync("member");
        var token = await user.LogInAsync();

        await ChangesEndAsync(user, token, 401, () => service.Accounts.DisableAsync(user));

        Assert.Equal(401, await service.ReadAsync(user, token));
    }

    [Fact]
    public async Task Who_is_no_member_any_more_changes_nothing_after_five_seconds_and_still_reads()
    {
        var user = await service.Accounts.MakeAsync("member", "reader");
        var token = await user.LogInAsync();

        await ChangesEndAsync(user, token, 403, () => service.Accounts.TakeAwayAsync(user, "member"));

        Assert.Equal(200, await service.ReadAsync(user, token));
    }

    [Fact]
    public async Task An_administrator_who_is_none_any_more_sees_nothing_of_others_after_five_seconds()
    {
        var user = await service.Accounts.MakeAsync("admin", "reader");
        var token = await user.LogInAsync();

        await EndsAsync(
            async () => (await service.SendAsync(HttpMethod.Get, user.ProjectId, "mgmt/instances", token)).Status,
            401,
            () => service.Accounts.TakeAwayAsync(user, "admin"));

        Assert.Equal(200, await service.ReadAsync(user, token));
    }

    [Fact]
    public async Task A_token_that_ends_reads_nothing_from_then_on()
    {
        var user = await service.Accounts.MakeAsync("member");
        var ends = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(8);
        var (id, secret) = await LabAccounts.MakeCredentialAsync(
            user, new JsonObject { ["expires_at"] = ends.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) });
        var token = await LabUser.LogInAsync(id, secret);
        Assert.Equal(200, await service.ReadAsync(user, token));
        var lastRead = DateTimeOffset.MinValue;

        await Eventually.SeeAsync(
            "the token ends",
            Patience,
            async () =>
            {
                var began = TimeProvider.System.GetUtcNow();
                var status = await service.ReadAsync(user, token);
                lastRead = status == 200 ? began : lastRead;
                return status;
            },
            status => status == 401);

        Assert.True(lastRead < ends, $"It was read at {lastRead:O}, and the token ended at {ends:O}.");
        Assert.Equal(401, await service.ChangeAsync(user, token));
    }

    [Fact]
    public async Task An_application_credential_for_some_requests_only_is_good_for_none()
    {
        var user = await service.Accounts.MakeAsync("member");
        var rule = new JsonObject { ["service"] = "database", ["method"] = "GET", ["path"] = "/v1.0/*/instances" };
        var (id, secret) = await LabAccounts.MakeCredentialAsync(user, new JsonObject { ["access_rules"] = new JsonArray(rule) });

        Assert.Equal(401, await service.ReadAsync(user, await LabUser.LogInAsync(id, secret)));
    }

    private Task ChangesEndAsync(LabUser user, string token, int status, Func<Task> end) =>
        EndsAsync(() => service.ChangeAsync(user, token), status, end);

    /// <summary>A request is accepted, then something ends that, and no request that begins five seconds later is.</summary>
    private static async Task EndsAsync(Func<Task<int>> send, int refusal, Func<Task> end)
    {
        Assert.Equal(200, await send());
        await end();
        var since = Stopwatch.StartNew();
        var last = TimeSpan.Zero;

        await Eventually.SeeAsync(
            $"{refusal}",
            Patience,
            async () =>
            {
                var began = since.Elapsed;
                var status = await send();
                last = status == 200 ? began : last;
                return status;
            },
            status => status != 200);

        Assert.Equal(refusal, await send());
        Assert.True(last < Limit, $"A request was accepted that began {last} after the end.");
    }

    private static async Task RevokeAsync(string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{Lab.AuthUrl}/auth/tokens")
        {
            Headers = { { "X-Auth-Token", token }, { "X-Subject-Token", token } },
        };
        using var answer = await http.SendAsync(request, Lab.Cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
