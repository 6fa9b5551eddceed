using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Commands;

/// <summary>The highest fence ever seen, on disk before any command that carries it is acted on.</summary>
internal sealed class FenceKeeper
{
    private readonly string path;
    private readonly Lock gate = new();
    private Fence highest;

    /// <param name="folder">Where it is kept.</param>
    /// <param name="journal">Remembers the fences of the last commands, should the record be damaged.</param>
    /// <param name="log">For the operator.</param>
    public FenceKeeper(string folder, CommandJournal journal, Action<string> log)
    {
        path = Path.Combine(folder, "fence.json");
        highest = PrivateFile.ReadJsonOrNone(path, JournalContext.Default.FenceRecord, log)?.Highest ?? journal.HighestFence();
    }

    public Fence Highest
    {
        get
        {
            lock (gate)
            {
                return highest;
            }
        }
    }

    public void Raise(Fence seen)
    {
        lock (gate)
        {
            if (seen > highest)
            {
                PrivateFile.WriteJson(path, new FenceRecord(seen), JournalContext.Default.FenceRecord);
                highest = seen;
            }
        }
    }
}
