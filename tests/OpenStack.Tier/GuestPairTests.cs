using System.Text.Json.Nodes;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Stories;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier;

/// <summary>
/// The whole service on a cloud whose servers are real machines, from the image that it is given to Glance as: nothing stands in for
/// anything. Needs a lab of its own: <c>./dbaas test --openstack --guests</c>.
/// </summary>
[Trait("part", "guests")]
public sealed class GuestPairTests
{
    /// <summary>Their processors are translated, and a cloud is on the same machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task A_pair_of_real_guests_lives_on_Cinder_volumes_from_create_to_delete_and_nothing_is_left()
    {
        await using var project = await LabProject.MakeAsync();
        using var own = Lab.Raw(project.Options);
        var (network, gateway) = await GuestsNetworkAsync(own);
        var settings = ServiceOnLab.Settings(project, network, gateway);
        settings["GuestStartSeconds"] = 900;
        settings["SilentSeconds"] = 60;
        settings["LeaseSeconds"] = 60;

        // A file that QEMU has open is not to be grown by anybody else, which is how this Cinder would.
        settings["OpenStack"]!["ExtendsAttachedVolumes"] = false;
        try
        {
            await using var service = await RunningService.StartAsync(settings);
            try
            {
                using var trove = await service.LogInAsync();
                using var admin = await service.LogInAsync("root");
                await new LifeStory(trove, admin, new StoryOptions { Flavor = "small", LargerFlavor = "medium", Patience = Patience })
                    .TellAsync();
            }
            catch
            {
                Console.WriteLine(await File.ReadAllTextAsync(service.StatePath + ".log", CancellationToken.None));
                await PrintConsolesAsync(own);
                throw;
            }

            Assert.Empty(await project.ContentsAsync());
        }
        finally
        {
            await project.EmptyAsync();
        }
    }

    private static async Task<(string Id, string Gateway)> GuestsNetworkAsync(RawCloud own)
    {
        var id = await own.NetworkAsync("guests");
        var subnet = (await own.GetAsync(CloudService.Network, "v2.0/subnets?network_id=" + id))["subnets"]!.AsArray().Single()!;
        return (id, subnet["gateway_ip"]!.GetValue<string>());
    }

    private static async Task PrintConsolesAsync(RawCloud own)
    {
        foreach (var server in (await own.GetAsync(CloudService.Compute, "servers"))["servers"]!.AsArray())
        {
            var asked = new JsonObject { ["os-getConsoleOutput"] = new JsonObject { ["length"] = 60 } };
            var said = await own.SendAsync(CloudService.Compute, HttpMethod.Post, $"servers/{server!["id"]}/action", asked);
            Console.WriteLine($"{server["name"]}:\n{said["output"]}");
        }
    }
}
