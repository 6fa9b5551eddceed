using System.Collections.Concurrent;
using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Stories;

namespace Dbaas.OpenStack.Tier;

/// <summary>The story that is told on every plane, on a cloud that fails in the middle of each of its operations.</summary>
public sealed class FaultStoryTests
{
    private static readonly Fault[] Faults =
        [Fault.Failed, Fault.LostAnswer, Fault.Unauthorized, Fault.Unavailable, Fault.FailedAfterwards, Fault.TooMany, Fault.Closed];

    /// <summary>Every kind of call fails twice at first, and every tenth time from then on, each time in another way.</summary>
    [Fact]
    public async Task A_pair_lives_from_create_to_delete_while_calls_fail_all_the_time_and_nothing_is_left()
    {
        await using var proxy = await FaultProxy.StartAsync(Lab.Member());
        await ServiceOnLab.UseAsync(
            async lab =>
            {
                using var trove = await lab.Service.LogInAsync();
                using var admin = await lab.Service.LogInAsync("root");
                var times = new ConcurrentDictionary<string, int>();
                proxy.Plan = request => !request.Contains(" identity ", StringComparison.Ordinal)
                    && times.AddOrUpdate(request, 0, (_, before) => before + 1) is var time && (time < 2 || time % 10 == 0)
                        ? Faults[(time + request.Length) % Faults.Length]
                        : Fault.None;

                await new LifeStory(
                    trove,
                    admin,
                    new StoryOptions { Flavor = "small", LargerFlavor = "medium", Patience = TimeSpan.FromMinutes(6) }).TellAsync();

                proxy.Plan = _ => Fault.None;
                Assert.Empty(await lab.Project.ContentsAsync());
            },
            proxy);
    }
}
