namespace Dbaas.Datastores.Conformance;

/// <summary>What is inside a server.</summary>
/// <param name="LogOn">It writes its log.</param>
/// <param name="LogFiles">Files of it on the disk.</param>
/// <param name="ReplicationUsers">Users of the service.</param>
/// <param name="DumpThreads">Connections that slaves read from.</param>
/// <param name="ReadOnly">Ordinary clients cannot write.</param>
/// <param name="LastTransaction">A number that rises with every logged transaction, over all epochs.</param>
/// <param name="FollowsSomebody">There is a replication configuration.</param>
public sealed record ServerFacts(
    bool LogOn,
    IReadOnlyList<string> LogFiles,
    IReadOnlyList<string> ReplicationUsers,
    int DumpThreads,
    bool ReadOnly,
    long LastTransaction,
    bool FollowsSomebody);
