using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.GuestAgent.Files;

namespace Dbaas.GuestAgent.Channel;

/// <summary>
/// The agent's key, made once and never leaving its folder, and the certificate for it. The key outlives renewals, so that whichever
/// certificate is on the disk fits to it.
/// </summary>
internal sealed class AgentIdentity : IDisposable
{
    private readonly string certificatePath;
    private readonly ECDsa key;
    private volatile X509Certificate2? certificate;

    public AgentIdentity(string folder)
    {
        PrivateFile.EnsureFolder(folder);
        certificatePath = Path.Combine(folder, "agent.crt");
        key = LoadOrMakeKey(Path.Combine(folder, "agent.key"));
        if (File.Exists(certificatePath))
        {
            certificate = Join(File.ReadAllText(certificatePath));
        }
    }

    /// <summary>Null before enrolment.</summary>
    public X509Certificate2? Certificate => certificate;

    /// <summary>PKCS#10, PEM. The authority writes the subject.</summary>
    public string MakeCertificateRequest() =>
        new CertificateRequest("CN=agent", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    /// <summary>On the disk when the call returns.</summary>
    /// <exception cref="CryptographicException">Not for this key.</exception>
    public void Accept(string pem)
    {
        // The old one is not disposed: connections may still use it.
        var joined = Join(pem);
        PrivateFile.Write(certificatePath, Encoding.ASCII.GetBytes(pem));
        certificate = joined;
    }

    public void Dispose()
    {
        certificate?.Dispose();
        key.Dispose();
    }

    private static ECDsa LoadOrMakeKey(string path)
    {
        if (!File.Exists(path))
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            PrivateFile.Write(path, Encoding.ASCII.GetBytes(fresh.ExportPkcs8PrivateKeyPem()));
        }

        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }

    private X509Certificate2 Join(string pem)
    {
        using var bare = X509Certificate2.CreateFromPem(pem);
        return bare.CopyWithPrivateKey(key);
    }
}
