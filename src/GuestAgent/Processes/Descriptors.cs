using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>The files that this process has open by their numbers.</summary>
internal static partial class Descriptors
{
    public const int StandardError = 2;

    private const int StandardOutput = 1;
    private const int WriteCreateAppend = 0x1 | 0x40 | 0x400 | 0x80000;
    private const uint OwnerOnly = 0b110_000_000;

    /// <summary>The file behind a number, by the name that it has for this process; null: none, or it has no name here.</summary>
    public static string? FileOf(int number)
    {
        if (new FileInfo($"/proc/self/fd/{number}").LinkTarget is not { } path || !File.Exists(path))
        {
            return null;
        }

        using var same = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        return IdentityOf(number) is { } identity && identity == IdentityOf((int)same.DangerousGetHandle()) ? path : null;
    }

    /// <summary>From here on the number is this file, for standard output too where both were the same.</summary>
    /// <exception cref="IOException">It is what it was.</exception>
    public static void Reopen(int number, string path)
    {
        var both = FileOf(StandardOutput) == FileOf(number);
        var opened = Open(path, WriteCreateAppend, OwnerOnly);
        if (opened < 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }

        _ = Duplicate(opened, number);
        if (both)
        {
            _ = Duplicate(opened, StandardOutput);
        }

        _ = Close(opened);
    }

    /// <summary>
    /// The file's own number; null: the kernel does not tell. Not its mount's: inside an image the same name is another mount.
    /// </summary>
    private static string? IdentityOf(int number) =>
        File.ReadLines($"/proc/self/fdinfo/{number}").FirstOrDefault(line => line.StartsWith("ino:", StringComparison.Ordinal));

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int number);
}
