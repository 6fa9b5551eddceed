using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.Faults.Tests;

/// <summary>No space left where the service keeps its own state.</summary>
public sealed class FullStateFolderTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("dbf").FullName;
    private RunningService service = null!;

    private string Disk => Path.Combine(folder, "disk");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Disk);
        Do("truncate", "-s", "32M", Disk + ".img");
        Do("mkfs.ext4", "-q", "-m", "0", Disk + ".img");
        Do("mount", "-o", "loop", Disk + ".img", Disk);

        // Only the state lies on it: log and configuration are beside the link.
        Directory.CreateDirectory(Path.Combine(Disk, "state"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "state"), Path.Combine(Disk, "state"));
        service = await RunningService.StartAsync(statePath: Path.Combine(folder, "state"));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await service.DisposeAsync();
        }
        finally
        {
            Do("umount", Disk);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Writes_are_refused_reads_are_answered_and_all_goes_on_without_a_restart()
    {
        using var trove = await service.LogInAsync("root");
        var ballast = Path.Combine(Disk, "ballast");
        FillWith(ballast);

        var refused = await WriteUntilAsync(trove, status => status >= 500);

        Assert.Equal(503, refused.Status);
        Assert.False(string.IsNullOrEmpty((string?)refused.Body!["serviceUnavailable"]!["message"]));
        Assert.Equal(200, (await trove.SendAsync(HttpMethod.Get, "instances")).Status);
        var limits = await QuotasAsync(trove);

        File.Delete(ballast);
        Assert.Equal(200, (await WriteUntilAsync(trove, status => status < 300)).Status);
        Assert.NotEqual(limits, await QuotasAsync(trove));
        Assert.Equal("ok\n", Do(
            "python3", "-c", "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone()[0])",
            Path.Combine(Disk, "state", "control.sqlite")));
    }

    private static void FillWith(string file)
    {
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        Assert.Throws<IOException>(() =>
        {
            for (var i = 0; i < 32 << 20; i += block.Length)
            {
                stream.Write(block);
            }
        });
    }

    // Each write is another one: what is the same already would not be written.
    private static async Task<(int Status, JsonNode? Body)> WriteUntilAsync(TroveClient trove, Func<int, bool> accept)
    {
        var limit = 1000;
        return await Eventually.SeeAsync(
            "the answer to a write changes", TimeSpan.FromSeconds(60),
            () => trove.SendAsync(HttpMethod.Put, $"mgmt/quotas/{trove.ProjectId}", new { quotas = new { instances = ++limit } }),
            answer => accept(answer.Status));
    }

    private static async Task<string> QuotasAsync(TroveClient trove) =>
        (await trove.DoAsync(HttpMethod.Get, $"mgmt/quotas/{trove.ProjectId}"))!.ToJsonString();

    private static string Do(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
