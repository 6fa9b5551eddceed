using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>The public key in an agent's request, which proves that the agent has the private half.</summary>
internal sealed record AgentKey(PublicKey Key)
{
    /// <summary>Tells keys apart.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Key.ExportSubjectPublicKeyInfo()));

    /// <summary>Only the key is taken from a request: the subject and all else are ours to say.</summary>
    /// <returns>Null: not a request, not signed by its key, or not a key on P-256.</returns>
    public static AgentKey? Read(string certificateRequest)
    {
        try
        {
            var request = CertificateRequest.LoadSigningRequestPem(certificateRequest, HashAlgorithmName.SHA256);
            using var key = request.PublicKey.GetECDsaPublicKey();
            return key?.KeySize == 256 ? new AgentKey(request.PublicKey) : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
