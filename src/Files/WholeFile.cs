using Microsoft.Win32.SafeHandles;

namespace Dbaas.Files;

/// <summary>
/// Files that are whole at any moment, whoever is killed: written beside their place, to the disk, then renamed, and the folder is on the
/// disk too when the call returns.
/// </summary>
public static class WholeFile
{
    /// <summary>Nobody but the owner reads or writes it.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file, in the place of what is there. Its folder exists; nobody else writes it at the same time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Who may do what with it.</param>
    /// <param name="beforeItHasItsName">
    /// What is done to it while nobody can have put something else in its place: giving it to another user, say.
    /// </param>
    /// <exception cref="IOException">It could not be written; what was there is there still, or the new one is.</exception>
    public static void Write(
        string path, ReadOnlySpan<byte> content, UnixFileMode mode = OwnerOnly, Action<SafeFileHandle>? beforeItHasItsName = null)
    {
        var beside = path + ".new";
        WriteBeside(beside, content, mode, beforeItHasItsName);
        File.Move(beside, path, overwrite: true);
        Folder.Flush(FolderOf(path));
    }

    /// <summary>Writes a file unless there is one: of several processes that try at the same time one succeeds.</summary>
    /// <returns>False: there is one, which was left as it is.</returns>
    public static bool WriteFirst(string path, ReadOnlySpan<byte> content)
    {
        var beside = $"{path}.{Environment.ProcessId}.new";
        try
        {
            WriteBeside(beside, content, OwnerOnly, null);
            File.Move(beside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            // Nobody else has this name, and what is in it may be a key.
            File.Delete(beside);
        }

        Folder.Flush(FolderOf(path));
        return true;
    }

    private static void WriteBeside(
        string beside, ReadOnlySpan<byte> content, UnixFileMode mode, Action<SafeFileHandle>? beforeItHasItsName)
    {
        // A leftover of a cut-off write may have any mode: a fresh file has ours from the start.
        File.Delete(beside);
        using var file = new FileStream(
            beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode, BufferSize = 0 });
        file.Write(content);
        beforeItHasItsName?.Invoke(file.SafeFileHandle);
        file.Flush(flushToDisk: true);
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
