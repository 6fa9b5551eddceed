using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbaas.Files;

/// <summary>Whose a file is.</summary>
public static partial class Owner
{
    /// <summary>Gives what is open, whatever is at its path by now, to a user and a group. As root. May be repeated.</summary>
    /// <param name="file">The file or folder.</param>
    /// <param name="user">A user id.</param>
    /// <param name="group">A group id.</param>
    /// <param name="path">What it is called, for the fault.</param>
    /// <exception cref="IOException">It could not be given.</exception>
    public static void Give(SafeFileHandle file, int user, int group, string path)
    {
        if (ChangeOwner(file, user, group) != 0)
        {
            throw new IOException($"{path} cannot be given to the user {user}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, int user, int group);
}
