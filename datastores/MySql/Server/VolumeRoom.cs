using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>What is left on the volume.</summary>
internal sealed class VolumeRoom(string path)
{
    private const long LeastFreeBytes = 1024 * 1024;

    /// <summary>How its faults begin.</summary>
    public const string IsFullWords = "The volume is full";

    /// <summary>The engine waits for space, or fails for want of it.</summary>
    public bool IsFull => new DriveInfo(path).AvailableFreeSpace < LeastFreeBytes;

    /// <summary>There is room for data that is to come.</summary>
    /// <param name="needed">In bytes.</param>
    /// <param name="whose">Begins the fault: "The master's".</param>
    /// <exception cref="DatastoreException">Precondition: there is not.</exception>
    public void CheckFits(long needed, string whose)
    {
        var free = new DriveInfo(path).AvailableFreeSpace;
        if (free < needed)
        {
            throw new DatastoreException(
                FaultKind.Precondition,
                $"{whose} data ({Megabytes(needed)} MB) does not fit the space that is free on the volume ({Megabytes(free)} MB).");
        }
    }

    private static long Megabytes(long bytes) => bytes / (1024 * 1024);

    /// <summary>
    /// A call, of which a full volume is the fault: an engine that has no room says so in many ways, or says nothing. Waiting does not
    /// help, so it is no transient one.
    /// </summary>
    public async Task<T> ExplainAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (DatastoreException e) when (
            e.Kind is FaultKind.Transient or FaultKind.Permanent && (IsFull || ErrorLog.SpeaksOfNoSpace(e.Message))
            && !e.Message.StartsWith(IsFullWords, StringComparison.Ordinal))
        {
            throw new DatastoreException(FaultKind.Precondition, $"{IsFullWords}. {e.Message}", e);
        }
    }
}
