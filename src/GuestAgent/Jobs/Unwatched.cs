using Dbaas.Datastores.Contract;

namespace Dbaas.GuestAgent.Jobs;

/// <summary>Nobody wants to know how far it is.</summary>
internal sealed class Unwatched : IJobProgress
{
    public void Expect(long bytes)
    {
    }

    public void Advance(long bytes)
    {
    }
}
