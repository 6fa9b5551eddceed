using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>What was reached when this server's data was made.</summary>
/// <param name="Committed">See <see cref="ReachedMoment"/>.</param>
/// <param name="Position">See <see cref="ReachedMoment"/>.</param>
internal sealed record RestoredMoment(DateTimeOffset? Committed, string Position)
{
    public static RestoredMoment Of(ReachedMoment reached) => new(reached.Committed, reached.Position);

    public ReachedMoment ToReached() => new(Committed, Position);
}
