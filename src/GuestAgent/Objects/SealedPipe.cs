using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Objects;

/// <summary>Opens what was sealed: by <c>age</c>, which gets the key by a pipe, and then by <c>zstd</c>.</summary>
internal sealed class SealedPipe(IProcesses tools, string secrets, string identity)
{
    private const int CopySize = 256 * 1024;

    /// <param name="feed">Writes what was sealed.</param>
    /// <param name="read">Takes what it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task OpenAsync(
        Func<Stream, CancellationToken, Task> feed, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using var key = SecretPipe.Make(Path.Combine(secrets, $"{SecretPipe.Prefix}{Path.GetRandomFileName()}"), identity);
        await ToolFault.RunAsync(
            tools,
            new ProcessSpec("age", ["--decrypt", "--identity", key.Path]),
            async (input, token) =>
            {
                await key.GiveAsync(token);
                await feed(input, token);
            },
            (opened, token) => ToolFault.RunAsync(
                tools,
                new ProcessSpec("zstd", ["--decompress", "--quiet", "--stdout", "-"]),
                (input, inner) => opened.CopyToAsync(input, CopySize, inner),
                read,
                token,
                FaultKind.Permanent),
            cancellationToken,
            FaultKind.Permanent);
    }
}
