using System.Diagnostics;

namespace Dbaas.Testing.Services;

/// <summary>
/// The release before this one, whose commit the file <c>tests/previous-release</c> names. <c>./dbaas test</c> builds it before any test
/// begins.
/// </summary>
public static class PreviousRelease
{
    private static readonly string Commit = File.ReadAllText(Path.Combine(Repository.Root, "tests", "previous-release")).Trim();
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "previous", Commit);

    /// <summary>Why there cannot be one; null: there is.</summary>
    public static string? WhyNot => IsInClone() ? null : $"git finds no commit {Commit} here: is the clone a shallow one?";

    /// <summary>Its programs.</summary>
    public static Release Programs => File.Exists(Path.Combine(Folder, ".complete"))
        ? new Release(Built("TroveApi"), Built("TaskManager"), Path.Combine(Folder, "agent", "Dbaas.GuestAgent"))
        : throw new InvalidOperationException($"The release {Commit} is not in {Folder}: `./dbaas test` builds it.");

    private static string Built(string project) =>
        Path.Combine(Folder, "source", "artifacts", "bin", project, "release", $"Dbaas.{project}");

    private static bool IsInClone()
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", ["-C", Repository.Root, "cat-file", "-e", Commit + "^{commit}"]) { RedirectStandardError = true })!;
        git.WaitForExit();
        return git.ExitCode == 0;
    }
}
