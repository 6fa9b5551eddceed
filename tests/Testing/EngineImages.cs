using System.Diagnostics;

namespace Dbaas.Testing;

/// <summary>
/// Root file systems of engines that the machine's own distribution lacks. <c>./dbaas test</c> makes them before any test begins, in the
/// user's cache: a test fetches nothing.
/// </summary>
public static class EngineImages
{
    private static readonly Lazy<Task<string>> MySql = new(FindMySqlAsync);

    /// <summary>MySQL, 8.4 or newer. Needs root.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it holds something else.</exception>
    public static Task<string> MySqlAsync() => MySql.Value;

    /// <summary>The distribution decides which version it holds, so that is looked at each time, and said.</summary>
    private static async Task<string> FindMySqlAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("A root file system with MySQL can only be made and used as root.");
        }

        var image = Find("mysql-sid-");
        using var process = Process.Start(new ProcessStartInfo("chroot", [image, "mysqld", "--version"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var printed = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Console.WriteLine($"MySQL {EngineVersion.MySqlOf(printed)} from the root file system {Path.GetFileName(image)}.");
        return image;
    }

    /// <summary>That of the latest recipe. What is being made has a name with a dot.</summary>
    private static string Find(string name)
    {
        var images = new DirectoryInfo(Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "dbaas", "images"));
        return (images.Exists ? images.GetDirectories(name + "*") : [])
            .Where(one => !one.Name.Contains('.', StringComparison.Ordinal))
            .MaxBy(one => one.CreationTimeUtc)?.FullName
            ?? throw new InvalidOperationException($"{images.FullName} has no {name}…: `./dbaas test` makes it before the tests.");
    }
}
