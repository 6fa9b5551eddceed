using System.Globalization;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Host;

/// <summary>
/// The memory limit of each server, by cgroup v2, or v1 where the memory controller is still there. One group for each server.
/// </summary>
internal sealed class MemoryCgroup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly string _parent;
    private readonly bool _isVersion2;

    private MemoryCgroup(string mount, bool isVersion2, PlanePaths paths, TimeProvider time)
    {
        _time = time;
        _parent = Path.Combine(mount, paths.CgroupParent);
        _isVersion2 = isVersion2;
    }

    /// <summary>Null where no memory controller can be had.</summary>
    public static MemoryCgroup? Find(PlanePaths paths, TimeProvider time)
    {
        var mounts = MountTable.Read();
        var version1 = mounts.FirstOrDefault(m => m.Kind == "cgroup" && m.SuperOptions.Split(',').Contains("memory"));
        if (version1 is not null)
        {
            return new MemoryCgroup(version1.Point, isVersion2: false, paths, time);
        }

        var version2 = mounts.FirstOrDefault(m => m.Kind == "cgroup2");
        return version2 is not null && CanDelegate(version2.Point) ? new MemoryCgroup(version2.Point, isVersion2: true, paths, time) : null;
    }

    public void Ensure(string key, int memoryMb)
    {
        var limit = (memoryMb * 1024L * 1024L).ToString(CultureInfo.InvariantCulture);
        var group = Group(key);
        lock (_gate)
        {
            Ensure(group, limit, memoryMb);
        }
    }

    public void Add(string key, int pid)
    {
        try
        {
            File.WriteAllText(Path.Combine(Group(key), "cgroup.procs"), pid.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException e)
        {
            throw new CloudException($"Process {pid} cannot be put under its memory limit.", isTransient: true, e);
        }
    }

    public IReadOnlyList<int> Processes(string key)
    {
        try
        {
            return [.. File.ReadAllLines(Path.Combine(Group(key), "cgroup.procs")).Select(l => int.Parse(l, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    public IReadOnlyList<string> Keys() => Folders.NamesIn(_parent);

    /// <summary>Its processes are gone already; the kernel lets go of them a moment later.</summary>
    public Task RemoveAsync(string key, CancellationToken cancellationToken) => RemoveGroupAsync(Group(key), cancellationToken);

    public Task RemoveParentAsync(CancellationToken cancellationToken) => RemoveGroupAsync(_parent, cancellationToken);

    private string Group(string key) => Path.Combine(_parent, key);

    private void Ensure(string group, string limit, int memoryMb)
    {
        try
        {
            Directory.CreateDirectory(_parent);
            if (_isVersion2)
            {
                File.WriteAllText(Path.Combine(_parent, "cgroup.subtree_control"), "+memory");
                Directory.CreateDirectory(group);
                File.WriteAllText(Path.Combine(group, "memory.max"), limit);
                WriteIfThere(Path.Combine(group, "memory.swap.max"), "0");
            }
            else
            {
                Directory.CreateDirectory(group);
                File.WriteAllText(Path.Combine(group, "memory.limit_in_bytes"), limit);
                WriteIfThere(Path.Combine(group, "memory.swappiness"), "0");
            }
        }
        catch (IOException e)
        {
            throw new CloudException($"The memory limit of {memoryMb} MB cannot be set.", isTransient: true, e);
        }
    }

    private async Task RemoveGroupAsync(string group, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (Directory.Exists(group))
        {
            try
            {
                Directory.Delete(group);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException e) when (_time.GetElapsedTime(start) > Patience)
            {
                throw new CloudException("The control group of a server cannot be removed.", isTransient: true, e, details: group);
            }
            catch (IOException)
            {
                await Task.Delay(Pause, _time, cancellationToken);
            }
        }
    }

    private static bool CanDelegate(string root)
    {
        try
        {
            if (!File.ReadAllText(Path.Combine(root, "cgroup.controllers")).Split(' ', '\n').Contains("memory"))
            {
                return false;
            }

            File.WriteAllText(Path.Combine(root, "cgroup.subtree_control"), "+memory");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void WriteIfThere(string file, string value)
    {
        if (File.Exists(file))
        {
            File.WriteAllText(file, value);
        }
    }
}
