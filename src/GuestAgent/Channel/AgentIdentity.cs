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

    /// <param name="folder">The agent's own.</param>
    /// <param name="log">For the operator.</param>
    public AgentIdentity(string folder, Action<string> log)
    {
        PrivateFile.EnsureFolder(folder);
        certificatePath = Path.Combine(folder, "agent.crt");
        key = LoadOrMakeKey(Path.Combine(folder, "agent.key"), log);
        certificate = Whole(certificatePath, Join, log);
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

    private static ECDsa LoadOrMakeKey(string path, Action<string> log)
    {
        if (Whole(path, KeyOf, log) is { } kept)
        {
            return kept;
        }

        var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFile.Write(path, Encoding.ASCII.GetBytes(fresh.ExportPkcs8PrivateKeyPem()));
        return fresh;
    }

    private static ECDsa KeyOf(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }

    /// <summary>
    /// Null when there is none, or it is damaged. The agent goes on without: the database needs its watch, and the gateway's refusal tells
    /// the operator.
    /// </summary>
    private static T? Whole<T>(string path, Func<string, T> read, Action<string> log)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var text = File.ReadAllText(path);
        try
        {
            return read(text);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            log($"{path} is damaged ({e.Message}); it is put aside.");
            PrivateFile.PutAside(path);
            return null;
        }
    }

    private X509Certificate2 Join(string pem)
    {
        using var bare = X509Certificate2.CreateFromPem(pem);
        return bare.CopyWithPrivateKey(key);
    }
}
