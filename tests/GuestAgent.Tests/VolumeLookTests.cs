using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Tests.Fakes;

namespace Dbaas.GuestAgent.Tests;

public sealed class VolumeLookTests
{
    [Fact]
    public void A_volume_that_is_a_folder_holds_what_lies_in_it_and_not_what_else_is_on_the_disk()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "data", "shop"));
        File.WriteAllBytes(Path.Combine(folder.Path, "data", "shop", "t.ibd"), new byte[5000]);
        File.WriteAllBytes(Path.Combine(folder.Path, ".hidden"), new byte[70]);

        var use = new VolumeLook(folder.Path, TimeProvider.System).Look();

        Assert.Equal(5070, use.UsedBytes);
        Assert.True(use.TotalBytes > use.UsedBytes);
    }

    [Fact]
    public void A_volume_with_a_file_system_of_its_own_says_how_full_that_is()
    {
        var use = new VolumeLook("/proc/", TimeProvider.System).Look();

        Assert.Equal(new DriveInfo("/proc").TotalSize, use.TotalBytes);
    }

    [Theory]
    [InlineData("/mnt/two words", "0:1")]
    [InlineData("/mnt/back\\slash", "0:2")]
    [InlineData("/mnt/tab\there", "0:3")]
    [InlineData("/mnt", null)]
    public void A_mount_point_is_found_whatever_its_name_is(string path, string? expected)
    {
        string[] lines =
        [
            @"21 1 0:1 / /mnt/two\040words rw - ext4 /dev/a rw",
            @"22 1 0:2 / /mnt/back\134slash rw - ext4 /dev/b rw",
            @"23 1 0:3 / /mnt/tab\011here rw - ext4 /dev/c rw",
        ];

        Assert.Equal(expected, MountPoints.DeviceAt(path, lines));
    }
}
