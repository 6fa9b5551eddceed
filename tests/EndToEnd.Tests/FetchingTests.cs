using System.Diagnostics;
using Dbaas.Testing;

namespace Dbaas.EndToEnd.Tests;

/// <summary>
/// What comes from elsewhere is fetched by the script, before the tests, and again when that failed; with programs of ours in apt's place.
/// </summary>
public sealed class FetchingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbf");

    private string Calls => File.Exists(In("calls")) ? File.ReadAllText(In("calls")) : "";

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Packages_that_could_not_be_had_are_asked_for_again_with_fresh_lists()
    {
        Put("dpkg-query", "[ -e installed ] && printf 'install ok installed'");
        Put(
            "apt-get",
            "case $* in *install*) [ $(grep -c install calls) -ge 3 ] && touch installed;; *) [ $(grep -c update calls) -ge 2 ];; esac");

        var result = await RunAsync("ensure_packages one two && ensure_packages one two");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(["install", "update", "update", "install", "install"], Calls.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(call => call.Contains("install", StringComparison.Ordinal) ? "install" : "update"));
    }

    [Fact]
    public async Task Packages_that_cannot_be_had_are_named_and_nothing_goes_on()
    {
        Put("dpkg-query", "false");
        Put("apt-get", "[ $1 = update ]");

        var result = await RunAsync("ensure_packages one two && echo went on");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("apt-get could not install: one two", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_file_system_is_made_again_when_its_making_was_cut_off_and_only_once()
    {
        Put(
            "mmdebstrap",
            "for last; do :; done; mkdir \"$last\" && touch \"$last/try-$(grep -c . calls)\" && [ $(grep -c . calls) -ge 3 ]");

        var result = await RunAsync("ensure_mysql_image && ensure_mysql_image");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(3, Calls.Count(letter => letter == '\n'));
        var image = Assert.Single(Directory.GetDirectories(In(".cache/dbaas/images")));
        Assert.Equal([Path.Combine(image, "try-3")], Directory.GetFileSystemEntries(image));
    }

    [Fact]
    public async Task An_image_that_the_user_names_is_pulled_unless_it_is_there()
    {
        Put("docker", "[ $1 = pull ] && touch there || [ -e there ]");

        var result = await RunAsync("DBAAS_TEST_MYSQL_IMAGE=mysql:8.4; ensure_container_image && ensure_container_image");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(1, Calls.Split('\n').Count(call => call.Contains("pull", StringComparison.Ordinal)));
        Assert.EndsWith(
            "mysql:8.4", Calls.Split('\n').Single(call => call.Contains("pull", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(folder.FullName, name);

    /// <summary>A program of ours that writes down each call before it does something.</summary>
    private void Put(string name, string does)
    {
        Directory.CreateDirectory(In("bin"));
        var noted = name == "dpkg-query" ? "" : "echo \"$*\" >>calls\n";
        File.WriteAllText(In($"bin/{name}"), $"#!/bin/bash\ncd {folder.FullName}\n{noted}{does}\n");
        File.SetUnixFileMode(In($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<ScriptResult> RunAsync(string commands)
    {
        var start = new ProcessStartInfo(
            "bash",
            [
                "-c", "set -euo pipefail; for part in common packages engines; do source scripts/$part.sh; done; "
                    + $"RETRY_AFTER=(0 0); as_root() {{ \"$@\"; }}; {commands}",
            ])
        {
            WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["HOME"] = folder.FullName, ["PATH"] = $"{In("bin")}:/usr/bin:/bin" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(deadline.Token);
        return new ScriptResult(process.ExitCode, await output.WaitAsync(deadline.Token), await error.WaitAsync(deadline.Token));
    }
}
