using Dbaas.Stories;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>The story that is told on every plane, on this machine.</summary>
public sealed class LifeStoryTests(ServiceFixture fixture)
{
    [Fact]
    public async Task A_pair_lives_from_create_to_delete_and_nothing_is_left()
    {
        using var trove = await fixture.Service.LogInAsync();
        using var admin = await fixture.Service.LogInAsync("root");
        var story = new LifeStory(trove, admin, new StoryOptions { Flavor = "7", LargerFlavor = "9" });

        await story.TellAsync();

        Assert.Empty(LeftOvers.Of(fixture.Service, [.. story.Instances]));
    }
}
