using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// Data that is made from elsewhere, by a job beside the agent's calls. There is one such job at a time; what comes meanwhile and wants the
/// data is told so.
/// </summary>
internal sealed class DataOnItsWay
{
    private const string IsUnderWayWords = "The data of this instance is being loaded";

    private int _jobs;

    /// <summary>A job makes the data.</summary>
    public bool IsUnderWay => Volatile.Read(ref _jobs) > 0;

    /// <summary>Runs such a job.</summary>
    /// <exception cref="DatastoreException">Transient: another one is under way.</exception>
    public async Task MakeAsync(Func<Task> make)
    {
        if (Interlocked.CompareExchange(ref _jobs, 1, 0) != 0)
        {
            throw Faults.Transient($"{IsUnderWayWords} already.");
        }

        try
        {
            await make();
        }
        finally
        {
            Volatile.Write(ref _jobs, 0);
        }
    }

    /// <exception cref="DatastoreException">Transient: a job makes the data.</exception>
    public void MustNotBeUnderWay()
    {
        if (IsUnderWay)
        {
            throw Faults.Transient($"{IsUnderWayWords}: it is not there before that has ended.");
        }
    }
}
