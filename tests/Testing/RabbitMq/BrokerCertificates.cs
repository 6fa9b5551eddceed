using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Testing.RabbitMq;

/// <summary>An authority, and a certificate of it for <c>localhost</c>, as files.</summary>
internal sealed record BrokerCertificates(string AuthorityFile, string CertificateFile, string KeyFile)
{
    public static BrokerCertificates Make(string folder)
    {
        var files = new BrokerCertificates(
            Path.Combine(folder, "authority.pem"), Path.Combine(folder, "broker.pem"), Path.Combine(folder, "broker.key"));
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ofAuthority = new CertificateRequest("CN=an authority", authorityKey, HashAlgorithmName.SHA256);
        ofAuthority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = ofAuthority.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(files.AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
