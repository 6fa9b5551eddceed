using System.Diagnostics;
using Dbaas.Testing;

namespace Dbaas.OpenStack.Tier.Identity;

/// <summary>Keystone fails while the service runs.</summary>
[Collection(KeystoneCollection.Name)]
public sealed class AbsenceTests(KeystoneFixture service) : IDisposable
{
    private const string Question = "GET identity /v3/auth/tokens";
    private const string Login = "POST identity /v3/auth/tokens";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public void Dispose() => service.Proxy.Plan = _ => Fault.None;

    [Theory]
    [InlineData("Closed")]
    [InlineData("Hang")]
    [InlineData("Failed")]
    [InlineData("Unavailable")]
    [InlineData("TooMany")]
    public async Task Without_keystone_what_is_known_is_read_and_nothing_is_changed_until_it_is_back(string fault)
    {
        var (user, newcomer) = (await service.Accounts.MakeAsync("member"), await service.Accounts.MakeAsync("member"));
        var (token, newToken) = (await user.LogInAsync(), await newcomer.LogInAsync());
        Assert.Equal(200, await service.ReadAsync(user, token));

        service.Proxy.Plan = _ => Enum.Parse<Fault>(fault);
        await Eventually.SeeAsync("changes are refused for now", Patience, () => service.ChangeAsync(user, token), status => status == 503);
        Assert.Equal(200, await service.ReadAsync(user, token));
        var asked = Stopwatch.StartNew();
        var (status, body) = await service.SendAsync(HttpMethod.Get, newcomer.ProjectId, "instances", newToken);

        Assert.Equal(503, status);
        Assert.Equal(
            "The identity service cannot be asked at the moment. Please try again.", (string?)body!["serviceUnavailable"]!["message"]);
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(15), $"It took {asked.Elapsed}.");

        service.Proxy.Plan = _ => Fault.None;
        Assert.Equal((200, 200), (await service.ChangeAsync(user, token), await service.ReadAsync(newcomer, newToken)));
        Assert.DoesNotContain(token, service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(newToken, service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_our_own_token_is_refused_it_is_replaced_and_the_user_notices_nothing()
    {
        var user = await service.Accounts.MakeAsync("member");
        var token = await user.LogInAsync();
        await service.ReadAsync(user, await user.LogInAsync());
        var logins = service.Proxy.Seen.Count(request => request == Login);
        var refusals = 1;
        service.Proxy.Plan = request => request == Question && Interlocked.Decrement(ref refusals) >= 0 ? Fault.Unauthorized : Fault.None;

        Assert.Equal(200, await service.ChangeAsync(user, token));

        Assert.Equal(logins + 1, service.Proxy.Seen.Count(request => request == Login));
    }

    [Fact]
    public async Task Many_requests_with_one_token_ask_keystone_once()
    {
        var user = await service.Accounts.MakeAsync("member");
        var token = await user.LogInAsync();
        var before = service.Proxy.Seen.Count(request => request == Question);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => service.ReadAsync(user, token)));

        Assert.All(answers, status => Assert.Equal(200, status));
        Assert.Equal(before + 1, service.Proxy.Seen.Count(request => request == Question));
    }
}
