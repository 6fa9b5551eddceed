using Dbaas.GuestAgent.Files;

namespace Dbaas.GuestAgent.Processes;

/// <summary>The supervisor's record, in memory and on the disk.</summary>
internal sealed class ServerRecords(string path, ServerFinder finder, Action<string> log)
{
    private ServerRecord? saved;

    /// <summary>What holds; null: there never was a server.</summary>
    public ServerRecord? Now { get; private set; }

    public bool IsSaved => Now == saved;

    /// <summary>Reads what an earlier agent left, and finds its process.</summary>
    public void Load()
    {
        var isThere = File.Exists(path);
        Now = saved = PrivateFile.ReadJsonOrNone(path, ServerContext.Default.ServerRecord, log);
        if (Now is { Process: null, StartKey: { } key })
        {
            // Killed between the start and the writing of the pid.
            Keep(Now with { Process = finder.Find(key) });
        }
        else if (Now is null && isThere && finder.Find(startKey: null) is { } found)
        {
            Keep(new ServerRecord(ShouldRun: true, Server: null, StartKey: null, found));
        }
    }

    /// <summary>From now on; on the disk when the call returns.</summary>
    public void Keep(ServerRecord value)
    {
        if (value != saved)
        {
            PrivateFile.WriteJson(path, value, ServerContext.Default.ServerRecord);
            saved = value;
        }

        Now = value;
    }

    /// <summary>
    /// From now on, and on the disk as soon as that is possible: for what an agent that was killed finds out by itself.
    /// </summary>
    public void KeepWhenPossible(ServerRecord value)
    {
        Now = value;
        try
        {
            Keep(value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log($"The database server's record cannot be written yet: {e.Message}");
        }
    }
}
