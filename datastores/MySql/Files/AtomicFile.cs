namespace Dbaas.Datastores.MySql.Files;

/// <summary>Files that are whole at any moment, and on the disk when the call returns.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes beside the file, to the disk, then renames. The owner gets the file before it has its name: whoever may write in the folder
    /// could put something else there afterwards.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Who may do what with it.</param>
    /// <param name="userId">Whose it is; null: ours.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, int? userId = null)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var beside = path + ".new";
        File.Delete(beside);
        CutPoint.Pass($"before {path}");
        using (var file = new FileStream(beside, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode, BufferSize = 0,
        }))
        {
            file.Write(content);
            if (userId is { } user)
            {
                NativeFiles.GiveTo(file.SafeFileHandle, user, beside);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
        using (var handle = NativeFiles.OpenFolder(folder))
        {
            NativeFiles.Sync(handle, folder);
        }

        CutPoint.Pass($"after {path}");
    }
}
