using System.ComponentModel;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Processes;

/// <summary>Starts the server's process, with its output in a file that does not grow for ever.</summary>
internal sealed class ServerStart(ServerFinder finder, string logPath)
{
    private const long LogLimit = 16 * 1024 * 1024;
    private const int LongestWords = 8 * 1024;

    private long? begunAt;

    /// <summary>What the server wrote since the last start, the end of it; empty: it was not started here.</summary>
    public string LastWords
    {
        get
        {
            try
            {
                if (begunAt is not { } from)
                {
                    return "";
                }

                using var file = new FileStream(logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                file.Seek(Math.Max(from, file.Length - LongestWords), SeekOrigin.Begin);
                using var reader = new StreamReader(file, Encoding.UTF8);
                return reader.ReadToEnd();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // For a fault that is told without them then.
                return "";
            }
        }
    }

    /// <exception cref="DatastoreException">It cannot be started.</exception>
    public ProcessId Run(ProcessSpec server, string startKey)
    {
        LimitLog();
        begunAt = new FileInfo(logPath) is { Exists: true, Length: var length } ? length : 0;
        try
        {
            var pid = DetachedStart.Start(CommandLines.For(server), server.WorkingDirectory, finder.Environment(startKey), logPath);

            // A child keeps its /proc entry until Collect, so it is found even when it has ended already; as a zombie it has no identity.
            return ProcessTable.Find(pid) ?? new ProcessId(pid, 0, ProcessTable.BootId);
        }
        catch (Exception e) when (e is Win32Exception or DatastoreException)
        {
            throw new DatastoreException(FaultKind.Permanent, $"The database server cannot be started: {e.Message}", e);
        }
    }

    private void LimitLog()
    {
        if (new FileInfo(logPath) is { Exists: true, Length: > LogLimit })
        {
            File.Move(logPath, logPath + ".1", overwrite: true);
        }
    }
}
