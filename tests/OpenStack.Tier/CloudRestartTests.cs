using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Testing;

namespace Dbaas.OpenStack.Tier;

/// <summary>Not requests that fail, but the cloud itself.</summary>
[Collection(nameof(AloneOnTheCloud))]
public sealed class CloudRestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Theory]
    [InlineData("volumes")]
    [InlineData("servers")]
    public Task A_create_in_the_middle_of_which_every_service_of_the_cloud_is_killed_ends_one_way_or_the_other_and_leaves_nothing(string begun) =>
        ServiceOnLab.UseAsync(async lab =>
        {
            using var trove = await lab.Service.LogInAsync();
            var id = await trove.CreateAsync(new { name = "restart", flavorRef = "small", volume = new { size = 1 } });
            await Eventually.SeeAsync(
                $"there is something of its {begun}",
                Patience,
                lab.Project.ContentsAsync,
                contents => contents.Any(one => one.StartsWith(begun + " ", StringComparison.Ordinal)));

            await LabServices.KillAllAsync();
            await LabServices.StartAllAsync();

            // A compute service gives up what it was making when it died.
            var ended = await Eventually.SeeAsync(
                "the create is over", Patience, () => trove.ShowAsync(id), seen => seen["status"]!.GetValue<string>() is "ACTIVE" or "ERROR");
            Console.WriteLine($"cloud killed at its {begun}: {ended["status"]} {ended["fault"]?["message"]}");
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
            await trove.AwaitGoneAsync(id, Patience);
            Assert.Empty(await lab.Project.ContentsAsync());
        });
}
