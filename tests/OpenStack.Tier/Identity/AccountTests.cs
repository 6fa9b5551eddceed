using System.Text.Json.Nodes;
using Dbaas.Identity;
using Dbaas.Identity.Keystone;
using Dbaas.Keystone;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.OpenStack.Tier.Identity;

/// <summary>As whom the service asks.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    private readonly LabAccounts _accounts = new();
    private LabUser _user = null!;

    public async ValueTask InitializeAsync() => _user = await _accounts.MakeAsync("member");

    public ValueTask DisposeAsync() => _accounts.DisposeAsync();

    [Theory]
    [InlineData("service")]
    [InlineData("admin")]
    public async Task The_role_service_is_enough_to_ask_about_everybodys_tokens(string role)
    {
        var account = await _accounts.MakeAsync(role);

        var caller = await ValidateAsync(ByPassword(account), await _user.LogInAsync());

        Assert.Equal((_user.Id, _user.ProjectId, _user.ProjectName), (caller!.UserId, caller.ProjectId, caller.ProjectName));
        Assert.Contains("member", caller.Roles);
    }

    [Fact]
    public async Task An_application_credential_of_the_account_is_enough_too()
    {
        var account = await _accounts.MakeAsync("service");
        var (id, secret) = await LabAccounts.MakeCredentialAsync(account, []);

        var caller = await ValidateAsync(
            new KeystoneAccount { AuthUrl = Lab.AuthUrl, ApplicationCredentialId = id, ApplicationCredentialSecret = secret },
            await _user.LogInAsync());

        Assert.Equal(_user.Id, caller!.UserId);
    }

    [Fact]
    public async Task An_account_that_may_not_ask_lets_nobody_in()
    {
        var account = await _accounts.MakeAsync("member");
        var token = await _user.LogInAsync();

        var fault = await Assert.ThrowsAsync<IdentityUnavailableException>(() => ValidateAsync(ByPassword(account), token));

        Assert.Equal("it does not let this service ask about tokens: its account needs the role service", fault.Message);
    }

    [Fact]
    public async Task Credentials_that_are_wrong_let_nobody_in_and_are_not_told()
    {
        var token = await _user.LogInAsync();
        var account = new KeystoneAccount
        {
            AuthUrl = Lab.AuthUrl, UserName = _user.Name, Password = "very-wrong", ProjectName = _user.ProjectName,
        };

        var fault = await Assert.ThrowsAsync<IdentityUnavailableException>(() => ValidateAsync(account, token));

        Assert.Equal("it does not accept this service's credentials", fault.Message);
        Assert.DoesNotContain("very-wrong", fault.ToString(), StringComparison.Ordinal);
    }

    private static KeystoneAccount ByPassword(LabUser user) => new()
    {
        AuthUrl = Lab.AuthUrl, UserName = user.Name, Password = Lab.Password, ProjectName = user.ProjectName,
    };

    private static async Task<Caller?> ValidateAsync(KeystoneAccount account, string token)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddKeystoneIdentity(
                new KeystoneIdentityOptions
                {
                    Account = account, CallTimeout = TimeSpan.FromSeconds(60), Deadline = TimeSpan.FromSeconds(120),
                })
            .BuildServiceProvider();
        return await services.GetRequiredService<ITokenValidator>().ValidateAsync(token, Freshness.ForReading, Lab.Cancellation);
    }
}
