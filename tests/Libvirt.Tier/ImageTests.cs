using System.Diagnostics;
using Dbaas.Testing;

namespace Dbaas.Libvirt.Tier;

/// <summary>
/// The image by itself, on a machine that is given its kernel. As an ordinary disk it starts in every other test with a guest.
/// </summary>
public sealed class ImageTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    private static string Folder => Path.GetDirectoryName(Lab.Image)!;

    [Fact]
    public void The_image_is_small_and_lists_what_is_in_it()
    {
        var megabytes = new FileInfo(Lab.Image).Length >> 20;
        output.WriteLine($"{megabytes} MB");

        Assert.InRange(megabytes, 1, 700);
        var packages = File.ReadAllLines(Path.Combine(Folder, "packages"));
        Assert.Contains(packages, line => line.StartsWith("mariadb-server-core", StringComparison.Ordinal));
        Assert.DoesNotContain(packages, line => line.StartsWith("openssh-server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_kernel_and_initrd_given_it_starts_and_says_what_it_waits_for()
    {
        var console = Path.Combine(Lab.Folder, "kernel-given.log");
        var disk = Path.Combine(Lab.Folder, "kernel-given.qcow2");
        await Lab.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", "-b", Lab.Image, "-F", "qcow2", disk);
        using var machine = Process.Start(new ProcessStartInfo("qemu-system-x86_64",
        [
            "-accel", "tcg,tb-size=256", "-m", "512", "-display", "none", "-monitor", "none", "-serial", "file:" + console,
            "-kernel", Path.Combine(Folder, "vmlinuz"), "-initrd", Path.Combine(Folder, "initrd"),
            "-append", "root=LABEL=dbaas-root ro console=ttyS0 net.ifnames=0 quiet",
            "-drive", $"file={disk},if=virtio", "-nic", "user,model=virtio,restrict=on",
        ]))!;
        try
        {
            await Eventually.SeeAsync(
                "the agent waits for its document",
                Late,
                async () => File.Exists(console) ? await File.ReadAllTextAsync(console) : "",
                text => text.Contains("Waiting for a bootstrap document", StringComparison.Ordinal));
        }
        finally
        {
            machine.Kill();
            await machine.WaitForExitAsync(CancellationToken.None);
        }
    }
}
