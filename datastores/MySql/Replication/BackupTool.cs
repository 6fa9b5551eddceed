using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// MariaDB's physical backup: streamed while the server serves, unpacked, and made ready for a server. It reads and writes files among
/// which the server's user may put links, so it runs as that user.
/// </summary>
internal sealed class BackupTool(DatastoreHost host, ServerLayout layout, BackupLogin login, RedoRoom redo)
{
    private const int BufferSize = 256 * 1024;
    private const int FirstSignal = 128;

    private static readonly string[] PositionFiles = ["xtrabackup_binlog_info", "mariadb_backup_binlog_info"];

    /// <summary>Writes one run of the tool.</summary>
    /// <param name="more">Arguments beside the usual ones.</param>
    /// <param name="output">Takes the stream.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <exception cref="CopyFailedException">The tool failed.</exception>
    public Task StreamAsync(IReadOnlyList<string> more, Stream output, CancellationToken cancellationToken) =>
        redo.AroundAsync(
            () => login.RunAsync(options => StreamAsync(options, more, output, cancellationToken), cancellationToken),
            cancellationToken);

    /// <summary>Unpacks what one run wrote.</summary>
    public async Task UnpackAsync(Stream stream, string folder, WriteBehind disk, CancellationToken cancellationToken)
    {
        var result = await host.Processes.RunAsync(
            new ProcessSpec("mbstream", ["-x", "-C", folder]) { UserId = host.UserId },
            (write, token) => disk.CopyAsync(stream, write, token),
            output: null,
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Transient(
                $"The data could not be unpacked (exit code {result.ExitCode}): {result.Reason}");
        }
    }

    /// <summary>Makes unpacked data ready for a server, with what changed since, if there is such.</summary>
    /// <param name="folder">The data.</param>
    /// <param name="changes">What changed, unpacked; null: nothing.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <param name="isAsWritten">The data is known to be what was written: what the tool says against it is about the data.</param>
    public async Task PrepareAsync(
        string folder, string? changes, CancellationToken cancellationToken, bool isAsWritten = false)
    {
        // The server does not run yet: its cache is free.
        var memory = Math.Max(32, host.MemoryMb / 4);
        string[] arguments =
        [
            "--prepare", $"--target-dir={folder}", $"--use-memory={memory}M",
            .. changes is null ? [] : new[] { $"--incremental-dir={changes}" },
        ];
        var result = await host.Processes.RunAsync(
            new ProcessSpec("mariadb-backup", arguments) { UserId = host.UserId, WorkingDirectory = folder },
            input: null,
            output: null,
            cancellationToken);
        if (result.ExitCode != 0)
        {
            var message = $"The data could not be prepared (exit code {result.ExitCode}): {result.Reason}";
            throw isAsWritten && result.ExitCode < FirstSignal && !ErrorLog.SpeaksOfNoSpace(result.Reason)
                ? Faults.Permanent(message)
                : Faults.Transient(message);
        }
    }

    /// <summary>The GTID of unpacked data. File, offset and GTID are separated by tabs; the last is missing when nothing was ever logged.
    /// </summary>
    public static string ReadPosition(string folder)
    {
        var file = PositionFiles.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw Faults.Transient("The data came without its position in the master's log.");
        var parts = File.ReadAllText(file).Trim().Split('\t');
        return parts.Length > 2
            ? parts[2].Trim()
            : throw Faults.Transient("The data came without the GTID of its position.");
    }

    private async Task StreamAsync(
        string options, IReadOnlyList<string> more, Stream output, CancellationToken cancellationToken)
    {
        var tool = new ProcessSpec(
            "mariadb-backup",
            [
                $"--defaults-file={options}", "--backup", "--stream=mbstream", $"--parallel={host.Cpus}", $"--socket={layout.Socket}",
                $"--tmpdir={layout.Temporary}", $"--target-dir={layout.Temporary}", .. more,
            ])
        {
            UserId = host.UserId, WorkingDirectory = layout.Temporary,
        };
        var result = await host.Processes.RunAsync(
            tool, input: null, (read, token) => read.CopyToAsync(output, BufferSize, token), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw result.Overrun is { } line
                ? new CopyFailedException("The server writes faster than it can be copied", ErrorLog.Shortened(line)) { IsOverrun = true }
                : new CopyFailedException($"The backup tool failed with exit code {result.ExitCode}", result.Reason);
        }
    }
}
