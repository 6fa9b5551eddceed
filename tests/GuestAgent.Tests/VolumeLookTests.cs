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

        var use = VolumeLook.Of(folder.Path);

        Assert.Equal(5070, use.UsedBytes);
        Assert.True(use.TotalBytes > use.UsedBytes);
    }

    [Fact]
    public void A_volume_with_a_file_system_of_its_own_says_how_full_that_is()
    {
        var use = VolumeLook.Of("/proc/");

        Assert.Equal(new DriveInfo("/proc").TotalSize, use.TotalBytes);
    }
}
