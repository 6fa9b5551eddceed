using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// A physical backup, streamed from agent to agent while the master goes on serving. Nothing is staged: each reading runs the tool anew.
/// The tool knows its position only at the end, and writes it into the stream.
/// </summary>
internal sealed class BackupStreamTransfer(DatastoreHost host, ServerLayout layout, BackupLogin login, RedoRoom redo) : IDataTransfer
{
    private const int BufferSize = 256 * 1024;

    private static readonly string[] PositionFiles = ["xtrabackup_binlog_info", "mariadb_backup_binlog_info"];

    /// <summary>By snapshot.</summary>
    private readonly FailedCopies _failed = new();

    public string Format => "mbstream";

    public bool NeedsReader => false;

    public Task<bool> CanOfferAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public async Task<(string Href, string? Token)> OfferAsync(
        string snapshotId, OpenSnapshot snapshot, CancellationToken cancellationToken)
    {
        var left = snapshot.OpenUntil - host.Time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            throw Faults.Precondition("The offer of this snapshot is over; ask for a new one.");
        }

        var offer = new PeerStreamOffer(snapshotId, snapshot.SlaveAddress, snapshot.SlaveId, left);
        var address = await host.PeerStreams.OfferAsync(offer, (stream, token) => WriteAsync(snapshotId, stream, token), cancellationToken);
        return (address.Href.ToString(), address.Token);
    }

    public Task CloseAsync(string snapshotId, OpenSnapshot? snapshot, CancellationToken cancellationToken)
    {
        _failed.Forget(snapshotId);
        return host.PeerStreams.CloseAsync(snapshotId);
    }

    public async Task<string> LoadAsync(SnapshotDocument snapshot, CancellationToken cancellationToken)
    {
        OwnedFolder.Renew(layout.NewData, host.UserId);
        var address = new PeerStreamAddress(
            new Uri(snapshot.Dataset.SnapshotHref), snapshot.Dataset.Token ?? "", snapshot.Master.InstanceId);
        var disk = new WriteBehind(layout.NewData);
        await host.PeerStreams.ReadAsync(address, (stream, token) => ExtractAsync(stream, disk, token), cancellationToken);
        await PrepareAsync(cancellationToken);
        var position = ReadPosition();

        // The data is never loaded again once it has its name: so it is on the disk before.
        disk.Finish();
        return position;
    }

    private Task WriteAsync(string snapshotId, Stream output, CancellationToken cancellationToken) =>
        redo.AroundAsync(
            () => login.RunAsync(options => WriteAsync(snapshotId, options, output, cancellationToken), cancellationToken),
            cancellationToken);

    private async Task WriteAsync(string snapshotId, string options, Stream output, CancellationToken cancellationToken)
    {
        var tool = new ProcessSpec(
            "mariadb-backup",
            [
                $"--defaults-file={options}", "--backup", "--stream=mbstream", $"--parallel={host.Cpus}", $"--socket={layout.Socket}",
                $"--tmpdir={layout.Temporary}", $"--target-dir={layout.Temporary}",
            ])
        {
            UserId = host.UserId, WorkingDirectory = layout.Temporary,
        };
        var result = await host.Processes.RunAsync(
            tool, input: null, (read, token) => read.CopyToAsync(output, BufferSize, token), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw result.Overrun is { } line
                ? _failed.Note(snapshotId, "The master writes faster than it can be copied", line)
                : _failed.Note(snapshotId, $"The backup tool failed with exit code {result.ExitCode}", result.Reason);
        }

        _failed.Forget(snapshotId);
    }

    private async Task ExtractAsync(Stream stream, WriteBehind disk, CancellationToken cancellationToken)
    {
        var result = await host.Processes.RunAsync(
            new ProcessSpec("mbstream", ["-x", "-C", layout.NewData]) { UserId = host.UserId },
            (write, token) => disk.CopyAsync(stream, write, token),
            output: null,
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Transient($"The data could not be unpacked (exit code {result.ExitCode}): {result.Reason}");
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // The server does not run yet: its cache is free.
        var memory = Math.Max(32, host.MemoryMb / 4);
        var result = await host.Processes.RunAsync(
            new ProcessSpec("mariadb-backup", ["--prepare", $"--target-dir={layout.NewData}", $"--use-memory={memory}M"])
            {
                UserId = host.UserId, WorkingDirectory = layout.NewData,
            },
            input: null,
            output: null,
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Transient($"The data could not be prepared (exit code {result.ExitCode}): {result.Reason}");
        }
    }

    /// <summary>File, offset and GTID, separated by tabs; the last is missing when nothing was ever logged.</summary>
    private string ReadPosition()
    {
        var file = PositionFiles.Select(name => Path.Combine(layout.NewData, name)).FirstOrDefault(File.Exists)
            ?? throw Faults.Transient("The data came without its position in the master's log.");
        var parts = File.ReadAllText(file).Trim().Split('\t');
        return parts.Length > 2
            ? parts[2].Trim()
            : throw Faults.Transient("The data came without the GTID of its position.");
    }
}
