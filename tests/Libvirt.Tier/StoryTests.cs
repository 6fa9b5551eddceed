using System.Text.Json.Nodes;
using Dbaas.Stories;
using Dbaas.Testing.Services;

namespace Dbaas.Libvirt.Tier;

/// <summary>The whole service, on virtual machines: the story that is told on every plane.</summary>
[Collection(nameof(AloneOnLibvirt))]
public sealed class StoryTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task A_pair_lives_from_create_to_delete_and_nothing_is_left_in_libvirt()
    {
        var before = await TracesAsync();
        string[] instances;
        await using (var service = await RunningService.StartAsync(Settings()))
        {
            using var trove = await service.LogInAsync();
            using var admin = await service.LogInAsync("root");
            var story = new LifeStory(trove, admin, new StoryOptions { Flavor = "small", LargerFlavor = "large", Patience = Patience });
            try
            {
                await story.TellAsync();
            }
            catch
            {
                output.WriteLine(await File.ReadAllTextAsync(service.StatePath + ".log", CancellationToken.None));
                throw;
            }

            instances = [.. story.Instances];
            Assert.DoesNotContain(await TracesAsync(), trace => instances.Any(trace.Contains));
        }

        // The service's own network and its copy of the image go with it.
        Assert.Equal(before, await TracesAsync());
    }

    private static JsonObject Settings()
    {
        var settings = RunningService.Settings();
        settings["Plane"] = "Libvirt";
        settings["GuestStartSeconds"] = 900;
        settings["SilentSeconds"] = 60;
        settings["LeaseSeconds"] = 60;
        settings["Libvirt"] = new JsonObject
        {
            ["Pool"] = "story",
            ["PoolPath"] = Path.Combine(Lab.Folder, "story"),
            ["Images"] = new JsonObject { ["mariadb"] = Lab.Image },
        };
        settings["Flavors"] = new JsonArray(Flavor("small", 512), Flavor("large", 640));
        return settings;
    }

    private static JsonObject Flavor(string id, int megabytes) => new() { ["Id"] = id, ["Name"] = id, ["MemoryMb"] = megabytes };

    /// <summary>All that libvirt has of anybody's: what it has itself is there before and after.</summary>
    private static async Task<string[]> TracesAsync()
    {
        string[][] lists =
            [["list", "--all", "--name"], ["pool-list", "--all", "--name"], ["net-list", "--all", "--name"], ["nwfilter-list"]];
        var seen = new List<string>();
        foreach (var list in lists)
        {
            seen.AddRange((await Lab.RunAsync("virsh", ["-q", .. list])).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        if (seen.Contains("story"))
        {
            seen.AddRange((await Lab.RunAsync("virsh", "-q", "vol-list", "story")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. seen];
    }
}
