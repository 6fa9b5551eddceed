namespace Dbaas.GuestAgent.Machine;

/// <summary>A place where a machine may find what it was given at its provisioning.</summary>
internal interface IBootstrapSource
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>The document; null: there is none here (yet).</summary>
    /// <exception cref="Exception">It cannot be read now.</exception>
    Task<byte[]?> ReadAsync(CancellationToken cancellationToken);
}
