using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Machine;

/// <summary>Runs the machine's own tools: short ones, with a short output.</summary>
internal sealed class MachineTools(IProcesses processes)
{
    /// <summary>Runs a tool to its end; anything but exit code 0 is a fault.</summary>
    public async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output, errors) = await TryAsync(program, arguments, cancellationToken);
        return exitCode == 0
            ? output
            : throw new DatastoreException(FaultKind.Transient, $"{program} failed ({exitCode}): {errors.Trim()}");
    }

    /// <summary>Runs a tool to its end, however it ends.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> TryAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var end = await processes.RunAsync(
            new ProcessSpec(program, arguments), input: null, (stream, token) => stream.CopyToAsync(output, token), cancellationToken);
        return (end.ExitCode, Encoding.UTF8.GetString(output.ToArray()), end.ErrorTail);
    }
}
