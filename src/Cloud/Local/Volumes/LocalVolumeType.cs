using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Volumes;

/// <summary>There is one kind of volume here. It has a name, for some clients have to give one.</summary>
internal static class LocalVolumeType
{
    public static VolumeType Only { get; } = new("local", "local", "A file system of its own on this machine, or a folder.");
}
