using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Dbaas.Keystone;

namespace Dbaas.Identity.Tests.Keystone;

/// <summary>As whom Keystone is asked, and how it is known to be Keystone.</summary>
public sealed class LoginTests
{
    [Fact]
    public async Task The_service_logs_in_by_password_for_its_project()
    {
        await using var identity = await TestValidator.StartAsync();

        await identity.ReadAsync("any");

        AssertSame(
            """
            {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "dbaas", "domain": {"name": "Default"}, "password": "pa55word"}}},
             "scope": {"project": {"name": "service", "domain": {"name": "Default"}}}}}
            """,
            identity.Keystone.Logins.Single());
    }

    [Fact]
    public async Task The_service_logs_in_by_application_credential_which_names_its_project()
    {
        await using var identity = await TestValidator.StartAsync(
            address => new KeystoneAccount { AuthUrl = address, ApplicationCredentialId = "c1", ApplicationCredentialSecret = "s3cret" });

        await identity.ReadAsync("any");

        AssertSame(
            """{"auth": {"identity": {"methods": ["application_credential"], "application_credential": {"id": "c1", "secret": "s3cret"}}}}""",
            identity.Keystone.Logins.Single());
    }

    [Fact]
    public async Task Only_the_certificates_of_the_given_file_are_trusted()
    {
        using var certificate = MakeCertificate();
        using var another = MakeCertificate();
        var folder = Directory.CreateTempSubdirectory("dbaas-identity-");
        var (right, wrong) = (Path.Combine(folder.FullName, "right.pem"), Path.Combine(folder.FullName, "wrong.pem"));
        await File.WriteAllTextAsync(right, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(wrong, another.ExportCertificatePem(), TestContext.Current.CancellationToken);

        await using (var identity = await StartAsync(certificate, right))
        {
            identity.Keystone.Know("good", roles: "member");
            Assert.NotNull(await identity.ReadAsync("good"));
        }

        await using (var identity = await StartAsync(certificate, wrong))
        {
            var fault = await identity.CannotSayAsync(() => identity.ReadAsync("good"));
            Assert.Contains("certificate", fault.Message, StringComparison.Ordinal);
            Assert.Empty(identity.Keystone.Logins);
        }

        folder.Delete(recursive: true);
    }

    private static Task<TestValidator> StartAsync(X509Certificate2 certificate, string caFile) => TestValidator.StartAsync(
        address =>
            new KeystoneAccount { AuthUrl = address, UserName = "dbaas", Password = "pa55word", ProjectName = "service", CaFile = caFile },
        certificate: certificate);

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        var request = new CertificateRequest("CN=keystone", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static void AssertSame(string expected, string seen) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(seen)), seen);
}
