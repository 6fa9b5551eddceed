using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Files;

/// <summary>The folders of one agent on its machine.</summary>
internal sealed partial class HostFolders
{
    // A socket's path has 107 bytes at most; this much is left for the datastore's file names.
    private const int LongestRunPath = 83;

    private HostFolders(GuestBootstrap bootstrap)
    {
        State = Path.GetFullPath(bootstrap.StatePath);
        Identity = Path.Combine(State, "identity");
        Journal = Path.Combine(State, "journal");
        Datastore = Path.Combine(State, "datastore");
        Offers = Path.Combine(State, "offers");
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{bootstrap.InstanceId} {State}")))[..16];

        // On the volume it goes away with the volume.
        var run = Path.Combine(Path.GetFullPath(bootstrap.VolumePath), "run");
        Run = Encoding.UTF8.GetByteCount(run) <= LongestRunPath ? run : Path.Combine(Path.GetTempPath(), $"dbaas-{Key}");
    }

    /// <summary>The agent's own.</summary>
    public string State { get; }

    public string Identity { get; }

    public string Journal { get; }

    public string Datastore { get; }

    public string Offers { get; }

    /// <summary>Sockets and process ids; the database's user's.</summary>
    public string Run { get; }

    /// <summary>Tells this agent from others on the same machine.</summary>
    public string Key { get; }

    /// <summary>The agent's own folders.</summary>
    public static HostFolders EnsureState(GuestBootstrap bootstrap)
    {
        var folders = new HostFolders(bootstrap);
        foreach (var own in new[] { folders.State, folders.Identity, folders.Journal, folders.Datastore, folders.Offers })
        {
            PrivateFile.EnsureFolder(own);
        }

        return folders;
    }

    /// <summary>The database's folders. The volume is at its path already.</summary>
    public void EnsureVolume(GuestBootstrap bootstrap)
    {
        Directory.CreateDirectory(bootstrap.VolumePath);
        Directory.CreateDirectory(Run);
        if (bootstrap.DatabaseUserId is { } user)
        {
            Give(bootstrap.VolumePath, user);
            Give(Run, user);
        }
    }

    private static void Give(string folder, int user)
    {
        if (Chown(folder, user, user) != 0)
        {
            throw new IOException($"The folder {folder} cannot be given to the user {user}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, int user, int group);
}
