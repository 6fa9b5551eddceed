using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>
/// Does again what a binary log says, by the engine's own tool and not as a slave would do it, which turns the scheduled events of the
/// database off.
/// </summary>
internal sealed class LogPlayer(Flavor flavor, DatastoreHost host, string socket)
{
    public const string LargestPacket = "--max-allowed-packet=1G";

    private const string StandardInput = "-";

    /// <summary>What is in these files.</summary>
    public Task PlayAsync(IReadOnlyList<string> files, CancellationToken cancellationToken) =>
        PlayAsync(files, input: null, cancellationToken);

    /// <summary>What somebody writes, as if it were a file.</summary>
    public Task PlayAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        PlayAsync([StandardInput], write, cancellationToken);

    private async Task PlayAsync(
        IReadOnlyList<string> files, Func<Stream, CancellationToken, Task>? input, CancellationToken cancellationToken)
    {
        var read = new ProcessSpec(flavor.LogReaderProgram, ["--no-defaults", "--verify-binlog-checksum", "--", .. files])
        {
            UserId = host.UserId,
        };
        var result = await host.Processes.RunAsync(read, input, DoAsync, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Permanent($"The binary log could not be read (exit code {result.ExitCode}): {result.Reason}");
        }
    }

    /// <summary>As the agent, whom the server lets in.</summary>
    private async Task DoAsync(Stream statements, CancellationToken cancellationToken)
    {
        var act = new ProcessSpec(
            flavor.ClientProgram,
            [
                "--no-defaults", "--protocol=SOCKET", $"--socket={socket}", $"--user={ServerConnections.Administrator}",
                "--binary-mode", LargestPacket,
            ]);
        var result = await host.Processes.RunAsync(
            act, (write, token) => statements.CopyToAsync(write, token), output: null, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Permanent($"What the binary log says could not be done (exit code {result.ExitCode}): {result.Reason}");
        }
    }
}
