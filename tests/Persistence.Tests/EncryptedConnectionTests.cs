using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Persistence.Dialects;
using Dbaas.Testing;
using MySqlConnector;

namespace Dbaas.Persistence.Tests;

/// <summary>TLS to the control database with an authority that is pinned, as docs/deployment.md says.</summary>
public sealed class EncryptedConnectionTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-tls-");
    private MariaDbServer server = null!;

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = (In("server.pem"), In("server.key"));
        Write(Authority("ours"), In("ours.pem"), certificate, key);
        Write(Authority("another"), In("another.pem"), In("unused.pem"), In("unused.key"));
        server = await MariaDbServer.StartAsync($"--ssl-cert={certificate}", $"--ssl-key={key}", "--require-secure-transport");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void The_server_of_the_pinned_authority_is_spoken_to_encrypted()
    {
        using var connection = new MySqlDialect([$"{server.ConnectionString()};SslMode=VerifyFull;SslCa={In("ours.pem")}"]).Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SHOW STATUS LIKE 'Ssl_version'";
        using var reader = command.ExecuteReader();

        Assert.True(reader.Read());
        Assert.StartsWith("TLSv1.", reader.GetString(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_authority_is_refused_before_the_password_is_sent()
    {
        var refused = Assert.Throws<MySqlException>(
            () => new MySqlDialect([$"{server.ConnectionString()};SslMode=VerifyFull;SslCa={In("another.pem")}"]).Open());

        Assert.Contains("SSL", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    private string In(string name) => Path.Combine(folder.FullName, name);

    private static (X509Certificate2 Certificate, ECDsa Key) Authority(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return (request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1)), key);
    }

    // The authority's certificate, and a server's of it for 127.0.0.1.
    private static void Write((X509Certificate2 Certificate, ECDsa Key) authority, string authorityFile, string file, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=control database", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(
            authority.Certificate, authority.Certificate.NotBefore, authority.Certificate.NotAfter, [1, 2, 3, 4]);
        File.WriteAllText(authorityFile, authority.Certificate.ExportCertificatePem());
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        authority.Certificate.Dispose();
        authority.Key.Dispose();
    }
}
