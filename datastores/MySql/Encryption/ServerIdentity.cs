namespace Dbaas.Datastores.MySql.Encryption;

/// <summary>A server's key and certificate, as the agent keeps them.</summary>
/// <param name="Address">That the certificate is for.</param>
/// <param name="Certificate">PEM.</param>
/// <param name="Key">PEM.</param>
internal sealed record ServerIdentity(string Address, string Certificate, string Key)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => Address;
}
