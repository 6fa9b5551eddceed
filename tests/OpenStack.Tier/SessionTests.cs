using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using static Dbaas.OpenStack.Tier.Lab;

namespace Dbaas.OpenStack.Tier;

public sealed class SessionTests
{
    private const string LogIn = "POST identity /v3/auth/tokens";

    [Fact]
    public async Task Calls_at_the_same_time_share_one_login()
    {
        await using var proxy = await FaultProxy.StartAsync(Member());
        await using var plane = await LabPlane.OpenAsync(Member() with { Through = proxy });

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => plane.Compute.ListFlavorsAsync(Cancellation)));

        Assert.Single(proxy.Seen, LogIn);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_replaced_and_the_call_goes_on()
    {
        await using var proxy = await FaultProxy.StartAsync(Member());
        await using var plane = await LabPlane.OpenAsync(Member() with { Through = proxy });
        await plane.Compute.ListFlavorsAsync(Cancellation);
        var refusals = 1;
        proxy.Plan = request => request != LogIn && Interlocked.Decrement(ref refusals) >= 0 ? Fault.Unauthorized : Fault.None;

        Assert.NotEmpty(await plane.Compute.ListFlavorsAsync(Cancellation));

        Assert.Equal(2, proxy.Seen.Count(request => request == LogIn));
    }

    [Fact]
    public async Task A_token_that_is_about_to_expire_is_replaced_before_it_is_used()
    {
        await using var proxy = await FaultProxy.StartAsync(Member());
        var time = new ShiftedTime();
        using var parts = new OpenStackPlaneParts((Member() with { Through = proxy }).Build(), time);
        await parts.Compute.ListFlavorsAsync(Cancellation);

        time.Shift = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1);
        await parts.Compute.ListFlavorsAsync(Cancellation);

        Assert.Equal(2, proxy.Seen.Count(request => request == LogIn));
    }

    [Fact]
    public async Task An_application_credential_is_enough()
    {
        using var raw = Raw(Member());
        var user = await UserIdAsync();
        var made = (await raw.SendAsync(
            CloudService.Identity,
            HttpMethod.Post,
            $"users/{user}/application_credentials",
            new JsonObject { ["application_credential"] = new JsonObject { ["name"] = NewDeployment() } }))["application_credential"]!;
        var (id, secret) = (made["id"]!.GetValue<string>(), made["secret"]!.GetValue<string>());

        using var parts = new OpenStackPlaneParts(
            (Member() with { ApplicationCredential = (id, secret), Password = "wrong" }).Build(), TimeProvider.System);
        Assert.NotEmpty(await parts.Compute.ListFlavorsAsync(Cancellation));

        await raw.DoAsync(CloudService.Identity, HttpMethod.Delete, $"users/{user}/application_credentials/{id}");
    }

    [Fact]
    public async Task Wrong_credentials_are_said_without_being_told()
    {
        using var parts = new OpenStackPlaneParts((Member() with { Password = "very-wrong" }).Build(), TimeProvider.System);

        var fault = await Assert.ThrowsAsync<CloudException>(() => parts.Compute.ListFlavorsAsync(Cancellation));

        Assert.Equal("The cloud does not accept this service's credentials.", fault.Message);
        Assert.DoesNotContain("very-wrong", fault.ToString() + fault.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_away_is_named_and_may_come_back()
    {
        await using var proxy = await FaultProxy.StartAsync(Member());
        await using var plane = await LabPlane.OpenAsync(Member() with { Through = proxy });
        proxy.Plan = request => request.Contains(" compute ", StringComparison.Ordinal) ? Fault.Closed : Fault.None;

        var fault = await Assert.ThrowsAsync<CloudException>(() => plane.Compute.ListFlavorsAsync(Cancellation));
        proxy.Plan = _ => Fault.None;

        Assert.True(fault.IsTransient);
        Assert.Equal("The cloud's compute service does not answer: it could not list flavors.", fault.Message);
        Assert.StartsWith("compute: GET ", fault.Details, StringComparison.Ordinal);
        Assert.NotEmpty(await plane.Compute.ListFlavorsAsync(Cancellation));
    }

    private static async Task<string> UserIdAsync()
    {
        using var admin = Raw(Admin());
        return (await admin.GetAsync(CloudService.Identity, "users?name=dbaas"))["users"]![0]!["id"]!.GetValue<string>();
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
