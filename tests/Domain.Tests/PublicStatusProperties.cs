using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using FsCheck;
using FsCheck.Fluent;

namespace Dbaas.Domain.Tests;

/// <summary>Whatever the rows hold, users see words that clients know, and words that fit together.</summary>
public sealed class PublicStatusProperties
{
    private static readonly string[] Words = ["BUILD", "ACTIVE", "REBOOT", "RESIZE", "DETACH", "PROMOTE", "EJECT", "SHUTDOWN", "ERROR"];
    private static readonly string[] OperatingWords = ["HEALTHY", "ERROR", "RESTARTING", "BLOCKED", "SHUTDOWN"];

    // All that there are: a new one is in here by itself.
    private static readonly Gen<string?> Kinds = Gen.Elements<string?>(
        [null, .. typeof(OperationKinds).GetFields().Select(one => (string?)one.GetRawConstantValue()), "a kind of a newer version"]);

    private static readonly Gen<GuestState?> Guests = Gen.OneOf(
        Gen.Constant((GuestState?)null),
        from state in Gen.Elements("Healthy", "Starting", "Blocked", "Stopped", "Crashed", "Unprepared", "Unknown", "", "newer")
        from silentFor in Gen.Choose(0, 200)
        from follows in Gen.Elements(true, false)
        from replicating in Gen.Elements(true, false)
        select (GuestState?)new GuestState { ServerState = state, ReadAt = silentFor, Follows = follows, Replicating = replicating });

    private static readonly Arbitrary<Seen> Anything = (
        from lifecycle in Gen.Elements(Enum.GetValues<Lifecycle>().Append((Lifecycle)99))
        from kind in Kinds
        from guest in Guests
        from silentAfter in Gen.Choose(0, 100)
        select new Seen(lifecycle, kind, guest, TimeSpan.FromMilliseconds(silentAfter))).ToArbitrary();

    [Fact]
    public void Every_state_has_words_that_clients_know() => Holds(
        seen =>
            Words.Contains(seen.Status.Status)
                && (seen.Status.OperatingStatus.Length == 0 || OperatingWords.Contains(seen.Status.OperatingStatus)));

    [Fact]
    public void There_is_an_operating_status_exactly_when_the_instance_is_active() => Holds(
        seen => (seen.Status.OperatingStatus.Length > 0) == (seen.Status.Status == "ACTIVE"));

    [Fact]
    public void Healthy_is_only_who_was_heard_of_in_time_and_answers_and_replicates_if_it_follows() => Holds(
        seen => seen.Status.OperatingStatus != "HEALTHY"
            || (
                seen.Guest is { ServerState: "Healthy" } guest
                && guest.SilentFor <= seen.SilentAfter
                && (!guest.Follows || guest.Replicating)));

    [Fact]
    public void What_is_being_deleted_says_so_whatever_else_is_known() => Holds(
        seen => seen.Kind != OperationKinds.DeleteInstance || seen.Status is { Status: "SHUTDOWN", OperatingStatus: "" });

    [Fact]
    public void What_failed_is_never_shown_as_well() => Holds(
        seen => seen.Lifecycle != Lifecycle.Failed || seen.Status.Status is "ERROR" or "SHUTDOWN");

    [Fact]
    public void The_guest_changes_how_the_database_is_and_never_what_is_done_with_the_instance() => Holds(
        seen => (seen with { Guest = null }).Status.Status == seen.Status.Status);

    private static void Holds(Func<Seen, bool> property) =>
        Prop.ForAll(Anything, property).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000));

    private sealed record Seen(Lifecycle Lifecycle, string? Kind, GuestState? Guest, TimeSpan SilentAfter)
    {
        public PublicStatus Status => PublicStatus.Derive(new Instance { Lifecycle = Lifecycle }, Kind, Guest, SilentAfter);
    }
}
