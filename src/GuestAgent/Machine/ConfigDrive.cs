using Dbaas.GuestAgent.Files;

namespace Dbaas.GuestAgent.Machine;

/// <summary>The drive that a cloud attaches to a server, with its user data on it. Mounted only while it is read.</summary>
internal sealed class ConfigDrive(MachineTools tools) : IBootstrapSource
{
    private const string MountPoint = "/run/dbaas/config-drive";

    // As an ISO image, and as FAT, which knows capitals only.
    private static readonly string[] Devices = ["/dev/disk/by-label/config-2", "/dev/disk/by-label/CONFIG-2"];

    public string Name => "the config drive";

    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        if (Devices.FirstOrDefault(File.Exists) is not { } device)
        {
            return null;
        }

        Directory.CreateDirectory(MountPoint, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (MountPoints.DeviceAt(MountPoint) is null)
        {
            await tools.RunAsync("mount", ["-o", "ro,nosuid,nodev,noexec", device, MountPoint], cancellationToken);
        }

        try
        {
            var file = Path.Combine(MountPoint, "openstack", "latest", "user_data");
            return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken) : null;
        }
        finally
        {
            await tools.RunAsync("umount", [MountPoint], CancellationToken.None);
        }
    }
}
