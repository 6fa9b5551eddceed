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
}
