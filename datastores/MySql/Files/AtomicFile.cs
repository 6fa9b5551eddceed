using Dbaas.Files;

namespace Dbaas.Datastores.MySql.Files;

/// <summary>Files that are whole at any moment, and on the disk when the call returns.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// A whole file with its folder. The owner gets it before it has its name: whoever may write in the folder could put something else
    /// there afterwards.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Who may do what with it.</param>
    /// <param name="userId">Whose it is; null: ours.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, int? userId = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        CutPoint.Pass($"before {path}");
        WholeFile.Write(
            path,
            content,
            mode,
            file =>
            {
                if (userId is { } user)
                {
                    Owner.Give(file, user, user, path);
                }
            });
        CutPoint.Pass($"after {path}");
    }
}
