namespace Dbaas.Cloud.Ports;

/// <summary>Makes keys for backups, and knows which belong together.</summary>
public interface IKeyMaker
{
    /// <summary>A new pair of <c>age</c> keys. Each call makes another.</summary>
    /// <exception cref="CloudException">It cannot be made on this machine.</exception>
    Task<BackupKey> MakeAsync(CancellationToken cancellationToken);

    /// <summary>The public halves of private keys.</summary>
    /// <param name="identities">As <c>age-keygen</c> writes them, one in each line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CloudException">They are no keys, or it cannot be done on this machine.</exception>
    Task<IReadOnlyList<string>> RecipientsOfAsync(string identities, CancellationToken cancellationToken);
}

/// <summary>A pair of keys.</summary>
/// <param name="Identity">The private one.</param>
/// <param name="Recipient">The public one.</param>
public sealed record BackupKey(string Identity, string Recipient)
{
    /// <summary>The public one.</summary>
    public override string ToString() => Recipient;
}
