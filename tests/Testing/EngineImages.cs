using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Testing;

/// <summary>Root file systems of engines that the machine's own distribution lacks: made once, kept in the user's cache, named by their recipe.</summary>
public static class EngineImages
{
    private static readonly string[] MySqlRecipe =
    [
        "mmdebstrap", "--variant=minbase", "--aptopt=Acquire::Check-Valid-Until \"false\"", "--include=mysql-server-core,mysql-client-core,iproute2", "sid",
    ];

    private static readonly Lazy<Task<string>> MySql = new(EnsureMySqlAsync);

    /// <summary>MySQL, 8.4 or newer. Needs root.</summary>
    /// <exception cref="InvalidOperationException">It cannot be made, or holds something else.</exception>
    public static Task<string> MySqlAsync() => MySql.Value;

    /// <summary>The distribution decides which version it holds, so that is looked at each time, and said.</summary>
    private static async Task<string> EnsureMySqlAsync()
    {
        var image = await EnsureAsync("mysql-sid", MySqlRecipe);
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

    private static async Task<string> EnsureAsync(string name, string[] recipe)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException($"The root file system {name} can only be made and used as root.");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', recipe))))[..12];
        var images = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "dbaas", "images");
        Directory.CreateDirectory(images);
        var image = Path.Combine(images, $"{name}-{hash}");
        await using var alone = await LockAsync(image + ".lock");
        if (!Directory.Exists(image))
        {
            await MakeAsync(recipe, image);
        }

        return image;
    }

    private static async Task MakeAsync(string[] recipe, string image)
    {
        var unfinished = image + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        using var process = Process.Start(new ProcessStartInfo(recipe[0], [.. recipe[1..], unfinished]) { RedirectStandardError = true })!;
        var log = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{recipe[0]} failed with exit code {process.ExitCode}: {await log}");
        }

        Directory.Move(unfinished, image);
    }

    /// <summary>Several test processes may want the same image.</summary>
    private static async Task<FileStream> LockAsync(string path)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (watch.Elapsed < TimeSpan.FromMinutes(10))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
