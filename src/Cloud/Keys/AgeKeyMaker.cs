using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Keys;

/// <summary>Keys from <c>age-keygen</c>, whose format they have.</summary>
public sealed class AgeKeyMaker : IKeyMaker
{
    private const string PublicKey = "# public key: ";
    private const string PrivateKey = "AGE-SECRET-KEY-";

    /// <inheritdoc />
    public async Task<BackupKey> MakeAsync(CancellationToken cancellationToken)
    {
        var lines = (await HostCommand.RunAsync("age-keygen", [], cancellationToken)).Split('\n');
        return new BackupKey(
            lines.Single(line => line.StartsWith(PrivateKey, StringComparison.Ordinal)),
            lines.Single(line => line.StartsWith(PublicKey, StringComparison.Ordinal))[PublicKey.Length..]);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> RecipientsOfAsync(string identities, CancellationToken cancellationToken)
    {
        var result = await HostCommand.TryAsync("age-keygen", ["-y"], cancellationToken, input: identities);

        // What it says of a key that it cannot read may hold a piece of it.
        return result.IsSuccess
            ? result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : throw new CloudException("age-keygen cannot read the private key.", isTransient: false);
    }
}
