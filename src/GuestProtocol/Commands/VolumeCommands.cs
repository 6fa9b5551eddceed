namespace Dbaas.GuestProtocol.Commands;

/// <summary>
/// The volume's device has grown: let the file system fill it. Where the host does that, only says what is there. Result:
/// <see cref="VolumeSize"/>.
/// </summary>
public sealed record GrowVolume : GuestCommand;

/// <summary>The result of <see cref="GrowVolume"/>.</summary>
/// <param name="DeviceBytes">The device as the guest sees it: less than was asked for while the news has not reached it.</param>
/// <param name="FileSystemBytes">What the file system offers.</param>
public sealed record VolumeSize(long DeviceBytes, long FileSystemBytes);
