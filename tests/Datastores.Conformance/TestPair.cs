using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.Conformance;

/// <summary>A master and its slave.</summary>
/// <param name="Master">One row was in it before the other was made.</param>
/// <param name="Slave">Follows it.</param>
/// <param name="Offer">What it was made from.</param>
public sealed record TestPair(TestInstance Master, TestInstance Slave, SnapshotOffer Offer)
{
    /// <summary>Of the shared pair's root.</summary>
    public const string RootPassword = "root's; -- \\' password";
}
