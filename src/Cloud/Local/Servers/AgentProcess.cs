using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Networks;
using Dbaas.Cloud.Local.Processes;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Local.Servers;

/// <summary>
/// The agent of a server: a daemon of its own, no child of the service, that outlives it. It is known by its command line, which names a
/// file that no other server has; so a process id that was given away again is never taken for it.
/// </summary>
internal sealed class AgentProcess(PlanePaths paths, string program, IServerNetwork network, MemoryCgroup? memory)
{
    private const string BootstrapOption = "--bootstrap";
    private const long LargestLog = 16 << 20;
    private const int MostFilesAtStart = 1024;

    /// <summary>Its process id, or null when it does not run.</summary>
    public static int? Find(ServerFolder folder)
    {
        if (ReadPid(folder) is { } recorded && (IsAgent(recorded, folder) || ProcessTable.IsBetweenPrograms(recorded)))
        {
            return recorded;
        }

        return ProcessTable.All().Where(pid => IsAgent(pid, folder)).Select(pid => (int?)pid).FirstOrDefault();
    }

    /// <summary>
    /// Makes sure that it runs, under its memory limit. The agent waits for its bootstrap document, which is written only after the agent
    /// was put under the limit: so nothing that it starts can be outside, wherever this was cut off the last time.
    /// </summary>
    public async Task EnsureAsync(ServerFolder folder, ServerRecord record, string volume, CancellationToken cancellationToken)
    {
        var pid = Find(folder);
        if (pid is null)
        {
            File.Delete(folder.Bootstrap);
            pid = await StartAsync(folder, record, cancellationToken);
        }

        if (!File.Exists(folder.Bootstrap))
        {
            memory?.Add(record.Key, pid.Value);
        }

        var document = Document(folder, record, volume);
        if (!JsonNode.DeepEquals(document, RecordFile.Read<JsonObject>(folder.Bootstrap)))
        {
            RecordFile.Write(folder.Bootstrap, document);
        }
    }

    private async Task<int> StartAsync(ServerFolder folder, ServerRecord record, CancellationToken cancellationToken)
    {
        // start-stop-daemon would take whoever has an old number now for the agent.
        File.Delete(folder.PidFile);
        if (new FileInfo(folder.Log) is { Exists: true, Length: > LargestLog })
        {
            File.Move(folder.Log, folder.Log + ".1", overwrite: true);
        }

        IReadOnlyList<string> agent = [program, BootstrapOption, folder.Bootstrap];
        IReadOnlyList<string> rooted = record.Image is null ? agent : ["/usr/sbin/chroot", folder.Root, .. agent];
        var commandLine = network.Inside(record.Key, rooted);
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = folder.State,
            [LoopbackNetwork.MarkName] = paths.Namespace(record.Key),
        };

        // start-stop-daemon closes every file that it might have, one by one: with a limit of a million that takes longer than the agent's
        // start.
        await HostCommand.RunAsync(
            "prlimit",
            [
                $"--nofile={MostFilesAtStart}:",
                "start-stop-daemon",
                "--start",
                "--quiet",
                "--background",
                "--make-pidfile",
                "--pidfile",
                folder.PidFile,
                "--output",
                folder.Log,
                "--chdir", "/", "--startas", commandLine[0], "--", .. commandLine.Skip(1),
            ],
            cancellationToken,
            environment);
        return ReadPid(folder) is { } pid && ProcessTable.IsAlive(pid)
            ? pid
            : throw new CloudException(
                $"The agent of server {record.Key} ended at once.", isTransient: true, details: $"Its log is {folder.Log}.");
    }

    private JsonObject Document(ServerFolder folder, ServerRecord record, string volume)
    {
        var document = (JsonObject)record.Bootstrap.DeepClone();
        document["address"] = record.Address;
        document["volume_path"] = volume;
        document["state_path"] = folder.State;
        document["memory_mb"] = record.MemoryMb;
        document["cpus"] = record.Cpus;

        // An agent inside an image does not see this folder, and shares nothing with others.
        if (record.Image is null)
        {
            document["templates_path"] = paths.Templates;
        }

        if (record.UserId is { } user)
        {
            document["database_user_id"] = user;
        }

        return document;
    }

    private static bool IsAgent(int pid, ServerFolder folder)
    {
        var arguments = ProcessTable.Arguments(pid);
        return arguments.Count >= 2 && arguments[^1] == folder.Bootstrap && arguments[^2] == BootstrapOption && ProcessTable.IsAlive(pid);
    }

    private static int? ReadPid(ServerFolder folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(folder.PidFile), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
