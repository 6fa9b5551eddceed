namespace Dbaas.GuestProtocol.Commands;

/// <summary>
/// The volume's device has grown: let the file system fill it. Where the host does that, only says what is there. Result:
/// <see cref="VolumeSize"/>. A device that is still smaller than asked for is a transient fault: the news has not reached the guest.
/// </summary>
public sealed record GrowVolume : GuestCommand
{
    /// <summary>The size that the device has by now, in bytes; 0: whatever it is.</summary>
    public long AtLeastBytes { get; init; }
}

/// <summary>The result of <see cref="GrowVolume"/>.</summary>
/// <param name="DeviceBytes">The device as the guest sees it.</param>
/// <param name="FileSystemBytes">What the file system offers.</param>
public sealed record VolumeSize(long DeviceBytes, long FileSystemBytes);
