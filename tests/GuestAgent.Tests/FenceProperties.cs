using Dbaas.GuestAgent.Commands;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using FsCheck;
using FsCheck.Fluent;

namespace Dbaas.GuestAgent.Tests;

public sealed class FenceProperties
{
    private static readonly Gen<Fence> Fences =
        from generation in Gen.Choose(0, 3) from counter in Gen.Choose(0, 4) select new Fence(generation, counter);

    private static readonly Arbitrary<(Fence A, Fence B, Fence C)> Three =
        (from a in Fences from b in Fences from c in Fences select (a, b, c)).ToArbitrary();

    [Fact]
    public void Fences_are_in_one_order() => Prop.ForAll(Three, fences =>
    {
        var (a, b, c) = fences;
        var exactlyOne = new[] { a < b, a == b, a > b }.Count(holds => holds) == 1;
        return exactlyOne && (a <= b) == !(a > b) && (a >= b) == !(a < b) && (!(a <= b && b <= c) || a <= c);
    }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000));

    [Fact]
    public void A_restored_control_plane_is_above_everything_before() => Prop.ForAll(
        Fences.ToArbitrary(),
        fence => new Fence(fence.Generation + 1, 0) > fence).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true));

    [Fact]
    public void An_agent_keeps_the_highest_in_whatever_order_they_come_and_over_restarts() => Prop.ForAll(
        Gen.ArrayOf(Fences).ToArbitrary(),
        fences =>
        {
            using var folder = new TempFolder();
            var keeper = Keeper(folder);
            var highest = default(Fence);
            foreach (var fence in fences)
            {
                keeper.Raise(fence);
                highest = fence > highest ? fence : highest;
                if (keeper.Highest != highest || Keeper(folder).Highest != highest)
                {
                    return false;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(30));

    private static FenceKeeper Keeper(TempFolder folder) =>
        new(folder.Path, new CommandJournal(folder.Below("journal"), TimeProvider.System, _ => { }), _ => { });
}
