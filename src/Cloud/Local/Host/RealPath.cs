namespace Dbaas.Cloud.Local.Host;

/// <summary>
/// Paths without symbolic links, as the kernel's table of mounts shows them: a state folder reached through a link would have mounts that
/// are never found again.
/// </summary>
internal static class RealPath
{
    /// <summary>What does not exist yet is kept as it is.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(full);
        if (parent is null)
        {
            return full;
        }

        var here = Path.Combine(Of(parent), Path.GetFileName(full));
        return new FileInfo(here).LinkTarget is { } target ? Of(Path.Combine(Path.GetDirectoryName(here)!, target)) : here;
    }
}
