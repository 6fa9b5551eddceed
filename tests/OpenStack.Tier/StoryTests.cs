using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Stories;

namespace Dbaas.OpenStack.Tier;

/// <summary>The whole service on a real cloud.</summary>
[Trait("part", "lifecycle")]
public sealed class StoryTests
{
    [Fact]
    public Task A_pair_lives_from_create_to_delete_in_a_member_s_project_and_nothing_is_left() => ServiceOnLab.UseAsync(async lab =>
    {
        using var trove = await lab.Service.LogInAsync();
        using var admin = await lab.Service.LogInAsync("root");

        await new LifeStory(
            trove, admin, new StoryOptions { Flavor = "small", LargerFlavor = "medium", Patience = TimeSpan.FromMinutes(5) }).TellAsync();

        Assert.Empty(await lab.Project.ContentsAsync());
    });
}
