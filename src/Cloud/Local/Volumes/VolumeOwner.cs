using System.Globalization;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Local.Volumes;

/// <summary>Whose a volume is.</summary>
internal static class VolumeOwner
{
    /// <summary>The root of the volume last: while it has another owner, this is done again.</summary>
    public static async Task GiveAsync(string folder, int owner, CancellationToken cancellationToken)
    {
        var both = string.Create(CultureInfo.InvariantCulture, $"{owner}:{owner}");
        var inside = Directory.GetFileSystemEntries(folder);
        if (inside.Length > 0)
        {
            await HostCommand.RunAsync("chown", ["-R", "-h", both, "--", .. inside], cancellationToken);
        }

        await HostCommand.RunAsync("chown", [both, "--", folder], cancellationToken);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
