using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// A folder as one stream, by <c>tar</c>. The server's user may put links among its files, so the tool runs as that user. Holes in files
/// (compressed tables have them) stay holes.
/// </summary>
internal sealed class Archive(DatastoreHost host)
{
    public async Task PackAsync(string folder, Stream output, CancellationToken cancellationToken)
    {
        var result = await host.Processes.RunAsync(
            Tar("--create", folder, "."),
            input: null,
            (read, token) => read.CopyToAsync(output, token),
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Transient($"The data could not be packed (exit code {result.ExitCode}): {result.Reason}");
        }
    }

    public async Task UnpackAsync(Stream input, string folder, CancellationToken cancellationToken)
    {
        var disk = new WriteBehind(folder, new ArchivedFiles());
        var result = await host.Processes.RunAsync(
            Tar("--extract", folder, "--no-same-owner"),
            (write, token) => disk.CopyAsync(input, write, token),
            output: null,
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Transient($"The data could not be unpacked (exit code {result.ExitCode}): {result.Reason}");
        }

        disk.Finish();
    }

    private ProcessSpec Tar(string what, string folder, string more) =>
        new("tar", [what, "--sparse", "--file=-", $"--directory={folder}", more]) { UserId = host.UserId };
}
