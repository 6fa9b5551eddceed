using System.Diagnostics;
using System.Globalization;
using Dbaas.GuestProtocol;
using Xunit;

namespace Dbaas.Datastores.Conformance;

/// <summary>A planned change of master, as the control plane makes it.</summary>
public static class ChangesOfMaster
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The old master writes no more, and the new one has all and takes over.</summary>
    /// <returns>The old master's last position.</returns>
    public static async Task<OpaqueDocument> TakeOverAsync(TestInstance from, TestInstance to)
    {
        // First what it lacks now: clients do not wait for that.
        var present = await from.Replication.GetPositionAsync(CancellationToken.None);
        await to.Replication.WaitForAsync(present, Patience, CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        var last = await from.Replication.StopWritesAsync(Grace, CancellationToken.None);
        var stopped = Stopwatch.GetTimestamp();
        await to.Replication.WaitForAsync(last, Patience, CancellationToken.None);
        var reached = Stopwatch.GetTimestamp();
        await to.Replication.PromoteReplicationSlaveAsync(CancellationToken.None);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Stopped {Milliseconds(began, stopped)}, reached {Milliseconds(stopped, reached)}, "
            + $"promoted {Milliseconds(reached, Stopwatch.GetTimestamp())} ms.");
        return last;
    }

    private static string Milliseconds(long from, long to) =>
        Stopwatch.GetElapsedTime(from, to).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>One that has the set's data follows a master.</summary>
    public static async Task FollowAsync(TestInstance member, TestInstance master)
    {
        var offer = await OfferAsync(master, member);
        await member.Replication.AttachReplicationSlaveAsync(offer, CancellationToken.None);
    }

    /// <summary>A document without data.</summary>
    public static Task<OpaqueDocument> OfferAsync(TestInstance master, TestInstance member) =>
        master.Replication.OfferFollowingAsync(member.Id, member.Host.Address, CancellationToken.None);
}
