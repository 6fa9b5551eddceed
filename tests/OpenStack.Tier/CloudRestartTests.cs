using System.Text.Json.Nodes;
using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier;

/// <summary>
/// Not requests that fail, but the cloud itself: every service of it is killed in the middle of an operation and started again. What Nova
/// was at when it died it gives up, or leaves as it was for good, so an operation may end one way or the other; but it ends, and leaves
/// nothing.
/// </summary>
[Collection(nameof(AloneOnTheCloud))]
public sealed class CloudRestartTests
{
    private const string MakeVolume = "POST volumev3 /v3/{id}/volumes";
    private const string MakeServer = "POST compute /v2.1/servers";
    private const string ActOnServer = "POST compute /v2.1/servers/{id}/action";
    private const string DeleteServer = "DELETE compute /v2.1/servers/{id}";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(MakeVolume)]
    [InlineData(MakeServer)]
    public Task A_create_ends(string call) => OnProxyAsync(async (lab, proxy) =>
    {
        using var trove = await lab.Service.LogInAsync();

        var killed = KilledAtAsync(proxy, call);
        var id = await CreateAsync(trove);
        await killed;

        await EndAsync(lab, id, "create");
        await DeleteAsync(lab, trove, id);
    });

    [Theory]
    [InlineData("""{"resize": {"flavorRef": "medium"}}""")]
    [InlineData("""{"rebuild": {}}""")]
    public Task An_operation_on_a_server_ends_and_it_can_be_deleted(string action) => OnProxyAsync(async (lab, proxy) =>
    {
        using var trove = await lab.Service.LogInAsync();
        using var admin = await lab.Service.LogInAsync("root");
        var id = await CreateAsync(trove);
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);

        var killed = KilledAtAsync(proxy, ActOnServer);
        var isForAdmins = action.Contains("rebuild", StringComparison.Ordinal);
        await (isForAdmins ? admin : trove)
            .DoAsync(HttpMethod.Post, $"{(isForAdmins ? "mgmt/" : "")}instances/{id}/action", JsonNode.Parse(action));
        await killed;

        await EndAsync(lab, id, action);
        await DeleteAsync(lab, trove, id);
    });

    [Fact]
    public Task A_deletion_is_finished() => OnProxyAsync(async (lab, proxy) =>
    {
        using var trove = await lab.Service.LogInAsync();
        var id = await CreateAsync(trove);
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);

        var killed = KilledAtAsync(proxy, DeleteServer);
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await killed;

        await trove.AwaitGoneAsync(id, Patience);
        Assert.Empty(await lab.Project.ContentsAsync());
    });

    private static Task<string> CreateAsync(TroveClient trove) =>
        trove.CreateAsync(new { name = "restart", flavorRef = "small", volume = new { size = 1 } });

    /// <summary>When a call comes, the cloud dies of it, and comes back.</summary>
    private static async Task KilledAtAsync(FaultProxy proxy, string call)
    {
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.Plan = request =>
        {
            if (request == call)
            {
                came.TrySetResult();
            }

            return Fault.None;
        };
        await came.Task.WaitAsync(Patience);
        await LabServices.KillAllAsync();
        await LabServices.StartAllAsync();
    }

    /// <summary>By itself, or since an operator makes it turn back.</summary>
    private static async Task EndAsync(ServiceOnLab lab, string id, string what)
    {
        using var admin = await lab.Service.LogInAsync("root");
        JsonNode ended;
        try
        {
            ended = await OverAsync(admin, id, Enough);
        }
        catch (TimeoutException)
        {
            await admin.DoAsync(HttpMethod.Post, $"instances/{id}/action", new { reset_status = new { } });
            ended = await OverAsync(admin, id, Patience);
        }

        Console.WriteLine($"cloud killed, {what}: {ended["status"]} {ended["fault"]?["message"]}");
    }

    private static Task<JsonNode> OverAsync(TroveClient admin, string id, TimeSpan within) => Eventually.SeeAsync(
        "the operation is over",
        within,
        () => admin.ShowAsync(id),
        seen => seen["status"]!.GetValue<string>() is "ACTIVE" or "ERROR" or "SHUTDOWN");

    private static async Task DeleteAsync(ServiceOnLab lab, TroveClient trove, string id)
    {
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
        Assert.Empty(await lab.Project.ContentsAsync());
    }

    private static async Task OnProxyAsync(Func<ServiceOnLab, FaultProxy, Task> test)
    {
        await using var proxy = await FaultProxy.StartAsync(Lab.Member());
        await ServiceOnLab.UseAsync(lab => test(lab, proxy), proxy);
    }
}
