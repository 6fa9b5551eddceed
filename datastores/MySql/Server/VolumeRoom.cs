using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>What is left on the volume.</summary>
internal sealed class VolumeRoom(string path)
{
    // A table that grows takes as much at once.
    private const long LeastFreeBytes = 4 * 1024 * 1024;
    private const long LeastReserve = 32L * 1024 * 1024;
    private const long MostReserve = 1024L * 1024 * 1024;

    private const long MostScarce = 20L * 1024 * 1024 * 1024;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>How its faults begin.</summary>
    public const string IsFullWords = "The volume is full";

    /// <summary>The engine waits for space, or fails for want of it.</summary>
    public bool IsFull => Free < LeastFreeBytes;

    /// <summary>What can be done without had better go.</summary>
    public bool IsScarce => Free < Math.Min(new DriveInfo(path).TotalSize / 4, MostScarce);

    /// <summary>There is room for data that is to come.</summary>
    /// <param name="needed">In bytes.</param>
    /// <param name="whose">Begins the fault: "The master's".</param>
    /// <exception cref="DatastoreException">Precondition: there is not.</exception>
    public void CheckFits(long needed, string whose)
    {
        var free = Free;
        if (free < needed)
        {
            throw new DatastoreException(
                FaultKind.Precondition,
                $"{whose} data ({Megabytes(needed)} MB) does not fit the space that is free on the volume ({Megabytes(free)} MB).");
        }
    }

    /// <summary>Free now.</summary>
    public long Free => new DriveInfo(path).AvailableFreeSpace;

    /// <summary>What is left to the server when a copy of its data is made on its own volume.</summary>
    public long Reserve => Math.Clamp(new DriveInfo(path).TotalSize / 20, LeastReserve, MostReserve);

    /// <summary>There is room for a copy of the data beside it.</summary>
    /// <exception cref="DatastoreException">Precondition: there is not.</exception>
    public void CheckCopyFits(long needed)
    {
        var (free, reserve) = (Free, Reserve);
        if (free < needed + reserve)
        {
            throw new DatastoreException(
                FaultKind.Precondition,
                $"A full backup needs room on the volume for a copy of the data ({Megabytes(needed)} MB, and {Megabytes(reserve)} MB that "
                + $"stay free for the database); {Megabytes(free)} MB are free.");
        }
    }

    /// <summary>
    /// Does something with a copy of the data on the volume. The database comes first: what it needs meanwhile ends that.
    /// </summary>
    /// <exception cref="DatastoreException">Precondition: the volume was nearly full.</exception>
    public async Task WhileThereIsAsync(Func<CancellationToken, Task> work, TimeProvider time, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (working, wasFull) = (work(end.Token), false);
        while (await Task.WhenAny(working, Task.Delay(LookEvery, time, CancellationToken.None)) != working)
        {
            if (Free < Reserve / 2)
            {
                wasFull = true;
                await end.CancelAsync();
                break;
            }
        }

        try
        {
            await working;
        }
        catch (Exception e) when (wasFull && !cancellationToken.IsCancellationRequested)
        {
            throw new DatastoreException(
                FaultKind.Precondition,
                "The backup was ended, for its copy of the data left too little room on the volume to the database.",
                e);
        }
    }

    private static long Megabytes(long bytes) => bytes / (1024 * 1024);

    /// <summary>
    /// A call, of which a full volume is the fault: an engine that has no room says so in many ways, or says nothing. Waiting does not
    /// help, so it is no transient one.
    /// </summary>
    public Task ExplainAsync(Func<Task> call) => ExplainAsync(async () =>
    {
        await call();
        return true;
    });

    /// <summary>The same of a call with an answer.</summary>
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
