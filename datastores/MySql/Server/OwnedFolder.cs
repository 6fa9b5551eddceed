using System.Runtime.InteropServices;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>Folders of the database's user.</summary>
internal static class OwnedFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes sure that the folder is there, for this user alone (null: ours).</summary>
    public static void Ensure(string path, int? userId)
    {
        Directory.CreateDirectory(path, OwnerOnly);
        Give(path, userId);
    }

    /// <summary>Gives a file or folder to the user (null: it stays ours).</summary>
    public static void Give(string path, int? userId)
    {
        if (userId is { } user && NativeMethods.ChangeOwner(path, user, user) != 0)
        {
            throw new IOException($"Cannot give {path} to user {user}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Makes sure that it is there and empty.</summary>
    public static void Renew(string path, int? userId)
    {
        Remove(path);
        Ensure(path, userId);
    }

    /// <summary>Makes sure that it is not there.</summary>
    public static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>The size of everything in it.</summary>
    public static long SizeOf(string path) => new DirectoryInfo(path)
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Sum(SizeOf);

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

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int user, int group);
    }
}
