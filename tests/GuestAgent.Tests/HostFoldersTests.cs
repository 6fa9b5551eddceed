using System.Diagnostics;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Tests;

/// <summary>Where an agent keeps what.</summary>
public sealed class HostFoldersTests : IDisposable
{
    private const int DatabaseUser = 60124;
    private readonly TempFolder temp = new();

    private string Volume => temp.Below("volume");

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_new_agent_with_an_empty_folder_of_its_own_finds_the_records_on_the_volume()
    {
        File.WriteAllText(Path.Combine(Start("first").Records, "member.json"), "a master");

        Assert.Equal("a master", File.ReadAllText(Path.Combine(Start("second").Records, "member.json")));
    }

    [Fact]
    public void Records_that_an_earlier_agent_kept_in_its_own_folder_move_to_the_volume()
    {
        var old = Directory.CreateDirectory(Path.Combine(temp.Below("state"), "datastore")).FullName;
        File.WriteAllText(Path.Combine(old, "settings.json"), "prepared");

        var folders = Start("state");

        Assert.Equal("prepared", File.ReadAllText(Path.Combine(folders.Records, "settings.json")));
        Assert.False(Directory.Exists(old));
    }

    [Fact]
    public void The_databases_user_neither_reads_the_records_nor_puts_others_in_their_place()
    {
        // Down to the volume everybody may pass.
        File.SetUnixFileMode(temp.Path, File.GetUnixFileMode(temp.Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var folders = Start("state", DatabaseUser);
        File.WriteAllText(Path.Combine(folders.Records, "member.json"), "a master");

        Assert.Equal(0, AsDatabase("touch", Path.Combine(folders.Run, "db.sock")));
        Assert.NotEqual(0, AsDatabase("cat", Path.Combine(folders.Records, "member.json")));
        Assert.NotEqual(0, AsDatabase("mv", folders.Records, Path.Combine(Volume, "moved")));
        Assert.NotEqual(0, AsDatabase("touch", Path.Combine(Volume, "new")));
    }

    [Fact]
    public void A_link_in_the_place_of_a_folder_is_given_to_nobody()
    {
        var elsewhere = Directory.CreateDirectory(temp.Below("elsewhere")).FullName;
        Directory.CreateDirectory(Volume);
        Directory.CreateSymbolicLink(Path.Combine(Volume, "run"), elsewhere);

        Assert.Throws<IOException>(() => Start("state", DatabaseUser));
        Assert.Equal(0, AsDatabase("test", "!", "-O", elsewhere));
    }

    private HostFolders Start(string state, int? databaseUser = null)
    {
        var bootstrap = new GuestBootstrap
        {
            InstanceId = "i",
            Datastore = "mariadb",
            GatewayUrls = ["https://g"],
            CaCertificates = "c",
            EnrolmentSecret = "s",
            Address = "a",
            Port = 1, VolumePath = Volume, StatePath = temp.Below(state), DatabaseUserId = databaseUser, MemoryMb = 3, Cpus = 4,
        };
        var folders = HostFolders.EnsureState(bootstrap);
        folders.EnsureVolume(bootstrap);
        return folders;
    }

    private static int AsDatabase(params string[] command)
    {
        using var process = Process.Start(
            "setpriv", ["--reuid", $"{DatabaseUser}", "--regid", $"{DatabaseUser}", "--clear-groups", "--", .. command]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
