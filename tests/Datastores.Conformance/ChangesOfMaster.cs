using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.Conformance;

/// <summary>A planned change of master, as the control plane makes it.</summary>
public static class ChangesOfMaster
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The old master writes no more, and the new one has all and takes over.</summary>
    /// <returns>The old master's last position.</returns>
    public static async Task<OpaqueDocument> TakeOverAsync(TestInstance from, TestInstance to)
    {
        var last = await from.Replication.StopWritesAsync(Grace, CancellationToken.None);
        await to.Replication.WaitForAsync(last, Patience, CancellationToken.None);
        await to.Replication.PromoteReplicationSlaveAsync(CancellationToken.None);
        return last;
    }

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
