using Dbaas.Files;

namespace Dbaas.Datastores.MySql.Files;

/// <summary>
/// Folders of the database's user. They lie in folders of the agent's, so their names are the agent's to give and to take.
/// </summary>
internal static class OwnedFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes sure that the folder is there, for this user alone (null: ours).</summary>
    public static void Ensure(string path, int? userId)
    {
        Directory.CreateDirectory(path, OwnerOnly);
        if (userId is { } user)
        {
            Folder.Give(path, user, user);
        }
    }

    /// <summary>Makes sure that it is there and empty.</summary>
    public static void Renew(string path, int? userId)
    {
        Remove(path);
        Ensure(path, userId);
    }

    /// <summary>
    /// Makes sure that it is not there. It loses its name first: cut off half way, nobody takes what is left for the whole. Also removes
    /// what was left by such a cut.
    /// </summary>
    public static void Remove(string path)
    {
        var leaving = path + ".leaving";
        Delete(leaving);
        if (Directory.Exists(path))
        {
            Directory.Move(path, leaving);
            Delete(leaving);
        }
    }

    /// <summary>The size of everything in it.</summary>
    public static long SizeOf(string path) => new DirectoryInfo(path)
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Sum(SizeOf);

    private static void Delete(string path)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        // Ours first, and ours alone: its user could put a link to somewhere else in the place of what is just being removed.
        if (Environment.IsPrivilegedProcess)
        {
            Folder.Give(path, 0, 0, OwnerOnly);
        }

        Directory.Delete(path, recursive: true);
    }

    private static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // The server removed it meanwhile.
            return 0;
        }
    }
}
