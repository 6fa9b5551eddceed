using System.Diagnostics;
using System.Net.Sockets;

namespace Dbaas.Testing.Containers;

/// <summary>
/// A Docker daemon of the tests' own: a socket and a data folder that nobody else uses, and no hand on the machine's packet filter. Gone,
/// with its folder, when disposed.
/// </summary>
public sealed class DockerDaemon : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder;
    private readonly Process process;
    private readonly Task<string> log;

    private DockerDaemon(string folder, Process process)
    {
        this.folder = folder;
        this.process = process;
        log = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where it listens, as <c>DOCKER_HOST</c> says it.</summary>
    public string Address => "unix://" + SocketOf(folder);

    /// <summary>Starts one. Needs root and Debian's package docker.io.</summary>
    /// <exception cref="InvalidOperationException">It cannot be had; the message says why.</exception>
    public static async Task<DockerDaemon> StartAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException(
                "A Docker daemon of the tests' own needs root; or name an image in DBAAS_TEST_MYSQL_IMAGE for a daemon that runs.");
        }

        var folder = Directory.CreateTempSubdirectory("dbaas-docker-").FullName;
        var daemon = new DockerDaemon(folder, Launch(folder));
        var watch = Stopwatch.StartNew();
        while (!await AnswersAsync(SocketOf(folder)))
        {
            if (daemon.process.HasExited || watch.Elapsed > Patience)
            {
                await daemon.DisposeAsync();
                throw new InvalidOperationException($"dockerd does not run on this machine: {Tail(await daemon.log)}");
            }

            await Task.Delay(100);
        }

        return daemon;
    }

    /// <summary>Runs Docker's own client against it.</summary>
    public Task<string> ClientAsync(params string[] arguments) => RunAsync("/usr/bin/docker", ["-H", Address, .. arguments]);

    /// <summary>Makes an image of a root file system and a script.</summary>
    /// <param name="root">A folder.</param>
    /// <param name="entry">The script that a container runs; it comes into the image's root.</param>
    /// <param name="name">The image's name.</param>
    public async Task ImportAsync(string root, string entry, string name)
    {
        // The archive goes through a file: it is read once, and neither program waits for the other.
        var archive = Path.Combine(folder, "image.tar");
        // What a running server has in its folders for the moment is none of the image.
        await RunAsync(
            "tar",
            [
                "-cf", archive, "--exclude=./tmp/*", "--exclude=./run/*", "--exclude=./proc/*", "--exclude=./dev/*",
                "-C", root, ".", "-C", Path.GetDirectoryName(entry)!, Path.GetFileName(entry),
            ]);
        await ClientAsync("import", "--change", $"ENTRYPOINT [\"/bin/sh\", \"/{Path.GetFileName(entry)}\"]", archive, name);
        File.Delete(archive);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await RunAsync("kill", ["-TERM", $"{process.Id}"]);
            using var deadline = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(deadline.Token);
        }

        await log;
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static Process Launch(string folder)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(
                "dockerd",
                [
                    "--iptables=false", "--ip-forward=false", "--bip", "10.99.77.1/24", "--data-root", Path.Combine(folder, "data"),
                    "--exec-root",
                    Path.Combine(folder, "exec"),
                    "-H",
                    "unix://" + SocketOf(folder),
                    "--pidfile",
                    Path.Combine(folder, "pid"),
                ])
            {
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Directory.Delete(folder, recursive: true);
            throw new InvalidOperationException($"dockerd (Debian's package docker.io) cannot be started: {e.Message}", e);
        }
    }

    private static async Task<bool> AnswersAsync(string socket)
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await client.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var run = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var errors = run.StandardError.ReadToEndAsync(deadline.Token);
        var printed = await run.StandardOutput.ReadToEndAsync(deadline.Token);
        await run.WaitForExitAsync(deadline.Token);
        return run.ExitCode == 0 ? printed : throw new InvalidOperationException($"{program} failed: {Tail(await errors)}");
    }

    private static string Tail(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(5));

    private static string SocketOf(string folder) => Path.Combine(folder, "d.sock");
}
