using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>A slave that is to leave its master has all that it had received.</summary>
internal sealed class Completeness(Flavor flavor, MemberStore member, ReceivedMark received, SlaveThreads threads)
{
    /// <summary>What was said to be missing. Not kept beyond the agent's end: said once too often rather than not at all.</summary>
    private string? _told;

    /// <summary>Applied is what is there; that is not all if the relay log was lost. Then its master may still have it.</summary>
    /// <param name="session">Of a slave that receives no more.</param>
    /// <param name="become">What becomes of it when it is asked once more.</param>
    /// <param name="cancellationToken">Cuts it off.</param>
    /// <exception cref="Contract.DatastoreException">Precondition, once: it lacks some. It receives again, if it is to.</exception>
    public async Task CheckAsync(Session session, string become, CancellationToken cancellationToken)
    {
        if (await flavor.ReadReplicaStatusAsync(session, cancellationToken) is null
            || await received.ReadMissingAsync(session, cancellationToken) is not { Length: > 0 } missing || missing == _told)
        {
            return;
        }

        await threads.SetAsync(session, CancellationToken.None);
        _told = missing;
        var again = member.State.Following is { Unheard: true }
            ? "It was told to receive nothing"
            : "It receives it again from its master if that has it";
        throw Faults.Precondition(
            $"This slave had received more than it has now, and lost it before it was applied ({missing}). {again}; asked once more, it is "
            + $"{become} without it.");
    }
}
