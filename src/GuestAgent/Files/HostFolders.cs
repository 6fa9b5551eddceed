using System.Security.Cryptography;
using System.Text;
using Dbaas.Files;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Files;

/// <summary>The folders of one agent on its machine.</summary>
internal sealed class HostFolders
{
    // A socket's path has 107 bytes at most; this much is left for the datastore's file names.
    private const int LongestRunPath = 83;

    // Only root can run a database under another user.
    private const int AgentUser = 0;

    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private HostFolders(GuestBootstrap bootstrap)
    {
        State = Path.GetFullPath(bootstrap.StatePath);
        Identity = Path.Combine(State, "identity");
        Journal = Path.Combine(State, "journal");
        Records = Path.Combine(Path.GetFullPath(bootstrap.VolumePath), "agent");
        OldRecords = Path.Combine(State, "datastore");
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

    /// <summary>
    /// The datastore's own records. On the volume: they tell of the data that is there, and a new agent on a new root disk goes on by them.
    /// The database's user can neither read them nor put others in their place.
    /// </summary>
    public string Records { get; }

    public string Offers { get; }

    /// <summary>Sockets and process ids; the database's user's.</summary>
    public string Run { get; }

    /// <summary>Tells this agent from others on the same machine.</summary>
    public string Key { get; }

    /// <summary>Where earlier agents kept the records.</summary>
    private string OldRecords { get; }

    /// <summary>The agent's own folders.</summary>
    public static HostFolders EnsureState(GuestBootstrap bootstrap)
    {
        var folders = new HostFolders(bootstrap);
        foreach (var own in new[] { folders.State, folders.Identity, folders.Journal, folders.Offers })
        {
            PrivateFile.EnsureFolder(own);
        }

        return folders;
    }

    /// <summary>The folders on the volume, which is at its path already.</summary>
    public void EnsureVolume(GuestBootstrap bootstrap)
    {
        Directory.CreateDirectory(bootstrap.VolumePath);
        Directory.CreateDirectory(Run);
        if (bootstrap.DatabaseUserId is { } user)
        {
            // It may pass, and owns what is made for it below: in a folder of its own it could take ours away.
            Folder.Give(bootstrap.VolumePath, AgentUser, user, Passable);
            Folder.Give(Run, user, user);
        }

        PrivateFile.EnsureFolder(Records);
        if (bootstrap.DatabaseUserId is not null)
        {
            // A plane that gives a volume to another user gives all of it.
            Folder.Give(Records, AgentUser, AgentUser);
        }

        MoveOldRecords();
    }

    /// <summary>
    /// What an earlier agent of this root disk left: each file is written where it belongs before it goes from where it was.
    /// </summary>
    private void MoveOldRecords()
    {
        if (!Directory.Exists(OldRecords))
        {
            return;
        }

        foreach (var file in Directory.GetFiles(OldRecords))
        {
            PrivateFile.Write(Path.Combine(Records, Path.GetFileName(file)), File.ReadAllBytes(file));
            File.Delete(file);
        }

        Directory.Delete(OldRecords);
    }
}
