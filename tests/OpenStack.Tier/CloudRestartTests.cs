using System.Text.Json.Nodes;
using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier;

/// <summary>Not requests that fail, but the cloud itself.</summary>
[Collection(nameof(AloneOnTheCloud))]
public sealed class CloudRestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("volumes")]
    [InlineData("servers")]
    public Task A_create_in_the_middle_of_which_every_service_of_the_cloud_is_killed_ends_one_way_or_the_other_and_leaves_nothing(string begun) =>
        ServiceOnLab.UseAsync(async lab =>
        {
            using var trove = await lab.Service.LogInAsync();
            using var admin = await lab.Service.LogInAsync("root");
            var id = await trove.CreateAsync(new { name = "restart", flavorRef = "small", volume = new { size = 1 } });
            await Eventually.SeeAsync(
                $"there is something of its {begun}",
                Patience,
                lab.Project.ContentsAsync,
                contents => contents.Any(one => one.StartsWith(begun + " ", StringComparison.Ordinal)));

            await LabServices.KillAllAsync();
            await LabServices.StartAllAsync();

            // What Nova was making when it died it gives up, or leaves as it was for good. Then an operator makes the create turn back.
            var ended = await EndAsync(trove, admin, id);
            Console.WriteLine($"cloud killed at its {begun}: {ended["status"]} {ended["fault"]?["message"]}");
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
            await trove.AwaitGoneAsync(id, Patience);
            Assert.Empty(await lab.Project.ContentsAsync());
        });

    private static async Task<JsonNode> EndAsync(TroveClient trove, TroveClient admin, string id)
    {
        try
        {
            return await OverAsync(trove, id, Enough);
        }
        catch (TimeoutException)
        {
            await admin.DoAsync(HttpMethod.Post, $"instances/{id}/action", new { reset_status = new { } });
            return await OverAsync(trove, id, Patience);
        }
    }

    private static Task<JsonNode> OverAsync(TroveClient trove, string id, TimeSpan within) => Eventually.SeeAsync(
        "the create is over", within, () => trove.ShowAsync(id), seen => seen["status"]!.GetValue<string>() is "ACTIVE" or "ERROR");
}
